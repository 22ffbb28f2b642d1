import { byUrgency, type Finding } from '../finding.ts'
import { aboutAnswers } from './about-answers.ts'
import { aboutPath, type Observed } from './about-path.ts'
import type { Obstacle } from './exchange.ts'
import { judgeArrival } from './judge-exchange.ts'

/** What a probe comes to. */
export type Verdict = 'healthy' | 'harmful' | 'unclear' | Obstacle

/** What can be said of it, in the order in which one wants to read it. */
export function judgeProbe(observed: Observed): readonly Finding[] {
  const { exchanges } = observed
  const obstacles = exchanges.flatMap(({ obstacle }) => obstacle ?? [])
  const answered = exchanges.filter(({ obstacle }) => obstacle === null)
  return byUrgency([
    ...obstacles.map(({ sentence, remedy }): Finding => ({
      level: 'problem',
      subject: 'answer',
      text: sentence,
      remedy,
    })),
    ...aboutAnswers(answered, observed.timeoutMs),
    ...aboutPath(observed, answered),
  ])
}

/** What it comes to in a word. */
export function verdictOf({ exchanges }: Observed, findings: readonly Finding[]): Verdict {
  const obstacle = exchanges.find((exchange) => exchange.obstacle !== null)?.obstacle
  if (obstacle != null) return obstacle.kind
  if (findings.some(({ level }) => level === 'problem')) return 'harmful'
  return exchanges.every((exchange) => judgeArrival(exchange) === 'flows') ? 'healthy' : 'unclear'
}
