"""The page and the workbook: what the notebooks computed, for people who read no notebook."""

from segment_lib.report.page import build_report
from segment_lib.report.reviewed import read_reviewed
from segment_lib.report.workbook import build_workbook

__all__ = ["build_report", "build_workbook", "read_reviewed"]
