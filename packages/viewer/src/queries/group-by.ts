/** The items of each key, in the order in which the keys first came. */
export function groupBy<Key, Item>(
  items: readonly Item[],
  keyOf: (item: Item) => Key,
): ReadonlyMap<Key, readonly Item[]> {
  const groups = new Map<Key, Item[]>()
  for (const item of items) {
    const members = groups.get(keyOf(item))
    if (members === undefined) groups.set(keyOf(item), [item])
    else members.push(item)
  }
  return groups
}
