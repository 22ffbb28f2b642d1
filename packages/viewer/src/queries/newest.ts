/** Where a stream stands in the list: newest first, and of those that began at once the last to come. */
export interface Place {
  readonly startMs: number
  readonly restNanos: number
  readonly id: number
}

/** Keeps the first so many places of the list, of all that are offered. */
export interface Newest {
  offer(place: Place): void
  readonly places: readonly Place[]
}

export function createNewest(limit: number): Newest {
  const places: Place[] = []
  return {
    places,
    offer(place) {
      const last = places.at(-1)
      if (last !== undefined && places.length >= limit && comparePlaces(place, last) > 0) return
      places.splice(findIndex(places, place), 0, place)
      if (places.length > limit) places.pop()
    },
  }
}

/** Negative where `a` stands before `b`. */
export function comparePlaces(a: Place, b: Place): number {
  return b.startMs - a.startMs || b.restNanos - a.restNanos || b.id - a.id
}

/** By halves: what comes in order of time is found at the end, and costs no more elsewhere. */
function findIndex(places: readonly Place[], place: Place): number {
  let [low, high] = [0, places.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    const other = places[middle]
    if (other !== undefined && comparePlaces(other, place) < 0) low = middle + 1
    else high = middle
  }
  return low
}
