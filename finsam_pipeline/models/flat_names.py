"""`accepted.huvudbok` as one word, for whoever knows tables without schemas.

Belongs here: the word, and putting it into parsed SQL. Does not: parsing or writing SQL.
"""

from __future__ import annotations

from sqlglot import exp


def flat(name: str) -> str:
    """`accepted__huvudbok`."""
    return name.replace(".", "__")


def dotted(name: str) -> str:
    """`accepted.huvudbok` again; a model's name stays as it is."""
    return name.replace("__", ".", 1)


def flatten(node: exp.Expression) -> exp.Expression:
    """A table with a schema as the same table under one word, known by the alias it had; any other node as it stands."""
    if isinstance(node, exp.Table) and node.db:
        alias = exp.TableAlias(this=exp.to_identifier(node.alias or node.name))
        return exp.Table(this=exp.to_identifier(flat(f"{node.db}.{node.name}")), alias=alias)
    return node
