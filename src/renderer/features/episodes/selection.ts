/** Which rows of a list are chosen. `anchor` is where a range starts, `cursor` the row the keyboard is on. */
export interface Selection {
  readonly ids: ReadonlySet<string>
  readonly anchor: string | null
  readonly cursor: string | null
}

export const noSelection: Selection = { ids: new Set(), anchor: null, cursor: null }

/** Chooses or leaves one row; the next range starts here. */
export function toggle(selection: Selection, id: string): Selection {
  const ids = new Set(selection.ids)
  if (!ids.delete(id)) ids.add(id)
  return { ids, anchor: id, cursor: id }
}

/** Adds every row between the anchor and `id`, in the order shown. */
export function extendTo(selection: Selection, id: string, order: readonly string[]): Selection {
  const to = order.indexOf(id)
  if (to < 0) return selection
  const anchor = selection.anchor ?? selection.cursor ?? id
  const from = Math.max(0, order.indexOf(anchor))
  const ids = new Set(selection.ids)
  for (const between of order.slice(Math.min(from, to), Math.max(from, to) + 1)) ids.add(between)
  return { ids, anchor: order[from] ?? id, cursor: id }
}

/** Moves the cursor by `step` rows, clamped to the list; `extend` takes the range along. */
export function moveBy(selection: Selection, step: number, order: readonly string[], extend: boolean): Selection {
  if (order.length === 0) return selection
  const at = selection.cursor === null ? -1 : order.indexOf(selection.cursor)
  const to = at < 0 ? (step < 0 ? order.length - 1 : 0) : Math.min(order.length - 1, Math.max(0, at + step))
  const id = order[to]!
  if (!extend) return { ...selection, cursor: id, anchor: id }
  return extendTo({ ...selection, anchor: selection.anchor ?? selection.cursor }, id, order)
}

/** All rows shown, or none of them when all are chosen; rows that are filtered away keep their choice. */
export function toggleAll(selection: Selection, order: readonly string[]): Selection {
  const all = order.every((id) => selection.ids.has(id))
  const ids = new Set(selection.ids)
  for (const id of order) {
    if (all) ids.delete(id)
    else ids.add(id)
  }
  return { ...selection, ids }
}

export const selectAll = (selection: Selection, order: readonly string[]): Selection => ({
  ...selection,
  ids: new Set([...selection.ids, ...order]),
})

export const clear = (selection: Selection): Selection => ({ ...selection, ids: new Set(), anchor: null })

/** Drops rows that no longer exist; the same object when nothing changed. */
export function retain(selection: Selection, existing: ReadonlySet<string>): Selection {
  const ids = new Set([...selection.ids].filter((id) => existing.has(id)))
  const known = (id: string | null) => (id !== null && existing.has(id) ? id : null)
  const anchor = known(selection.anchor)
  const cursor = known(selection.cursor)
  if (ids.size === selection.ids.size && anchor === selection.anchor && cursor === selection.cursor) return selection
  return { ids, anchor, cursor }
}

export type CheckState = 'all' | 'some' | 'none'
export function checkState(selection: Selection, order: readonly string[]): CheckState {
  const chosen = order.reduce((sum, id) => sum + (selection.ids.has(id) ? 1 : 0), 0)
  if (chosen === 0) return 'none'
  return chosen === order.length ? 'all' : 'some'
}
