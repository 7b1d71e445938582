"""A copy to share: the results of a run without anybody's name, id or address (仮名化した写し)."""

from segment_lib.sharing.copy import Shared, share

__all__ = ["Shared", "share"]
