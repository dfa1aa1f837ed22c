import { describe, expect, it } from 'vitest'
import { checkState, clear, extendTo, moveBy, noSelection, retain, selectAll, toggle, toggleAll } from './selection.ts'

const order = ['a', 'b', 'c', 'd', 'e']
const ids = (selection: { ids: ReadonlySet<string> }) => [...selection.ids].sort()

describe('choosing rows', () => {
  it('toggles one row and makes it the start of the next range', () => {
    const once = toggle(noSelection, 'b')
    expect(ids(once)).toEqual(['b'])
    expect(once.anchor).toBe('b')
    expect(ids(toggle(once, 'b'))).toEqual([])
  })

  it('extends from the anchor in both directions, and again from the same anchor', () => {
    const start = toggle(noSelection, 'c')
    const down = extendTo(start, 'e', order)
    expect(ids(down)).toEqual(['c', 'd', 'e'])
    expect(ids(extendTo(down, 'a', order))).toEqual(['a', 'b', 'c', 'd', 'e'])
    expect(down.anchor).toBe('c')
  })

  it('starts at the first row when the anchor was filtered away', () => {
    expect(ids(extendTo(toggle(noSelection, 'gone'), 'b', order))).toEqual(['a', 'b', 'gone'])
  })

  it('does nothing for a row that is not shown', () => {
    expect(extendTo(noSelection, 'x', order)).toBe(noSelection)
  })

  it('moves the cursor to an end first, stops at the ends, and chooses nothing by moving', () => {
    expect(moveBy(noSelection, 1, order, false).cursor).toBe('a')
    expect(moveBy(noSelection, -1, order, false).cursor).toBe('e')
    const last = moveBy({ ...noSelection, cursor: 'e' }, 1, order, false)
    expect(last.cursor).toBe('e')
    expect(last.ids.size).toBe(0)
    expect(moveBy(noSelection, 1, [], false)).toBe(noSelection)
  })

  it('takes the row it leaves along with Shift', () => {
    const moved = moveBy(moveBy(noSelection, 1, order, false), 1, order, true)
    expect(ids(moved)).toEqual(['a', 'b'])
    expect(ids(moveBy(moved, 1, order, true))).toEqual(['a', 'b', 'c'])
  })

  it('chooses all rows shown and keeps those that are filtered away', () => {
    const hidden = toggle(noSelection, 'hidden')
    expect(ids(toggleAll(hidden, order))).toEqual(['a', 'b', 'c', 'd', 'e', 'hidden'])
    expect(ids(toggleAll(selectAll(hidden, order), order))).toEqual(['hidden'])
  })

  it('drops rows that are gone and is the same object when none are', () => {
    const some = selectAll(toggle(noSelection, 'b'), order)
    expect(retain(some, new Set(order))).toBe(some)
    const left = retain(some, new Set(['a']))
    expect(ids(left)).toEqual(['a'])
    expect(left.anchor).toBeNull()
  })

  it('says all, some or none', () => {
    expect(checkState(noSelection, order)).toBe('none')
    expect(checkState(toggle(noSelection, 'a'), order)).toBe('some')
    expect(checkState(selectAll(noSelection, order), order)).toBe('all')
    expect(checkState(clear(selectAll(noSelection, order)), order)).toBe('none')
    expect(checkState(noSelection, [])).toBe('none')
  })
})
