"""The stewards' work: items, decisions, the workbook, the audit log."""
