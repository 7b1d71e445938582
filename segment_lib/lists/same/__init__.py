"""The same customer twice (名寄せ): candidates, scores, and the file that people answer."""
