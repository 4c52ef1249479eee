import type { OperationNode, OrderByItemNode, RootOperationNode } from 'kysely'

/** A query with its nulls before everything else, as SQLite has them and PostgreSQL only if it is told. */
export function nullsFirst(query: RootOperationNode): RootOperationNode {
  if (query.kind !== 'SelectQueryNode' || query.orderBy === undefined) return query
  return { ...query, orderBy: { ...query.orderBy, items: query.orderBy.items.map(placed) } }
}

function placed(item: OrderByItemNode): OrderByItemNode {
  // An id is never null, and saying so would keep PostgreSQL from going along its index.
  if (item.nulls !== undefined || isId(item.orderBy)) return item
  return { ...item, nulls: isDescending(item.direction) ? 'last' : 'first' }
}

function isId(node: OperationNode): boolean {
  if (node.kind !== 'ReferenceNode' || !('column' in node)) return false
  const column = node.column as { readonly column?: { readonly name?: string } }
  return column.column?.name === 'id'
}

function isDescending(direction: OperationNode | undefined): boolean {
  if (direction === undefined || !('sqlFragments' in direction)) return false
  return (direction.sqlFragments as readonly string[]).join('') === 'desc'
}
