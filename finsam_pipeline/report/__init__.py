"""Marts to a report: a document of sections, tables and figures, and the formats it is rendered in.

`halfyear.build_report` makes the document, `html.render_html` the page. Knows labels, sentences and looks; never where the marts
come from, and writes no file.
"""
