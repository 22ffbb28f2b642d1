import type { Topic } from '@streamgauge/viewer/settings'
import { PRODUCTS } from '@streamgauge/viewer/settings'
import type { Finding, Middlebox, More, Place } from '../middleboxes/middlebox.ts'
import { NOTHING } from '../middleboxes/middlebox.ts'

/** One setting of a product: what is asked for through it, and what is found before it was pasted. */
export interface Trial {
  readonly upstream: string
  readonly broken: Finding
  /** @defaultValue nothing at all */
  readonly healed?: Finding
  readonly more?: More
}

/** A product whose settings are tried. */
export interface TriedProduct extends Pick<Middlebox, 'name' | 'install' | 'program' | 'args'> {
  /** The id in the catalogue. */
  readonly id: string
  readonly trials: Readonly<Partial<Record<Topic, Trial>>>
  /** Its files; `paste` gives the snippet to put in, or nothing where it is to be broken. */
  readonly files: (place: Place, paste: (topic: Topic) => string) => Readonly<Record<string, string>>
}

/** The snippet, to the letter. @throws RangeError where the product has none for the topic */
export function snippetOf(id: string, topic: Topic): string {
  const setting = PRODUCTS.find((product) => product.id === id)?.settings.find((one) => one.topic === topic)
  if (setting === undefined) throw new RangeError(`${id} has no setting for ${topic}`)
  return setting.snippet
}

/** The topics of a product that are tried. */
export function topicsOf({ trials }: Pick<TriedProduct, 'trials'>): readonly Topic[] {
  return Object.keys(trials) as Topic[]
}

/** The product twice: as it breaks streams, and after the snippets were pasted. */
export function middleboxesOf(product: TriedProduct): readonly [broken: Middlebox, healed: Middlebox] {
  const topics = topicsOf(product)
  const { files } = product
  const make = (name: string, paste: (topic: Topic) => string, find: (trial: Trial) => Finding): Middlebox => ({
    ...product,
    name: `${product.name}, ${name}`,
    routes: topics,
    files: (place) => files(place, paste),
    cases: topics.map((topic) => {
      const trial = product.trials[topic] as Trial
      return [topic, topic, trial.upstream, find(trial), trial.more ?? {}]
    }),
  })
  return [
    make(
      'broken',
      () => '',
      ({ broken }) => broken,
    ),
    make(
      'healed',
      (topic) => snippetOf(product.id, topic),
      ({ healed = NOTHING }) => healed,
    ),
  ]
}
