"""A zone as a workbook: the form that people fill in, and the way back."""
