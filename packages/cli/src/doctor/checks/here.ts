import type { Finding } from '../../finding.ts'
import { MAX_PACKAGES } from '../find-packages.ts'
import { BUNDLERS, INSTRUMENTATION } from '../known-packages.ts'
import { copiesOf, versionsOf, type Situation } from '../situation.ts'
import { isHooked, NEWEST_OPENAI_MAJOR, OLDEST_OPENAI } from '../versions.ts'

/** Node.js, the project, and the copies of openai in it. */
export function checkHere(situation: Situation): readonly Finding[] {
  return [
    { level: 'ok', subject: 'here', text: `Node.js ${process.versions.node}, which is supported (22.15 and newer).` },
    ...checkProject(situation),
    ...checkOpenAI(situation),
    ...checkBundlers(situation),
  ]
}

function checkProject({ project, found }: Situation): Finding[] {
  const findings: Finding[] = []
  if (project.root === null) {
    findings.push({
      level: 'note',
      subject: 'here',
      text: 'No package.json here, nor in any folder above: only the environment can be looked at.',
      remedy: 'Run it in the folder of the application.',
    })
  } else if (project.isBroken) {
    findings.push({
      level: 'problem',
      subject: 'here',
      text: `${project.root}/package.json is no JSON.`,
      remedy: 'Correct it: Node.js does not start there either.',
    })
  } else {
    const kind = project.type === 'module' ? 'ES modules' : 'CommonJS'
    findings.push({
      level: 'ok',
      subject: 'here',
      text: `${project.root}: its .js files are ${kind}; both are hooked.`,
    })
  }
  if (project.hasPlugAndPlay) {
    findings.push({
      level: 'warning',
      subject: 'here',
      text: "Yarn's Plug'n'Play keeps packages in archives: what is in them is not seen here.",
      remedy: 'Run `streamgauge doctor -- node app.mjs`, which sees what is really hooked.',
    })
  }
  if (!found.isComplete) {
    findings.push({
      level: 'note',
      subject: 'here',
      text: `Only ${MAX_PACKAGES} packages were looked at: there may be more copies.`,
    })
  }
  return findings
}

function checkOpenAI(situation: Situation): Finding[] {
  const copies = copiesOf(situation, 'openai')
  const range = `supported are ${OLDEST_OPENAI.slice(0, -2)} to ${NEWEST_OPENAI_MAJOR}`
  if (copies.length === 0) {
    const level = situation.project.root === null ? 'note' : 'warning'
    return [
      {
        level,
        subject: 'openai',
        text: 'No copy of openai was found that code here could load; one inside a bundle cannot be seen.',
        remedy: 'Install it, or go to the folder where it is; other clients than openai are not watched.',
      },
    ]
  }
  return versionsOf(copies).map((version): Finding => {
    const paths = copies.filter((copy) => copy.version === version).map(({ path }) => path)
    const where = paths.length === 1 ? '' : ` (${paths.length} copies)`
    return isHooked(version)
      ? { level: 'ok', subject: 'openai', text: `openai ${version}${where} can be hooked.` }
      : {
          level: 'problem',
          subject: 'openai',
          text: `openai ${version}${where} is not hooked: ${range}.`,
          why: paths.join(', '),
          remedy: `Take another version of openai, or a newer ${INSTRUMENTATION}.`,
        }
  })
}

function checkBundlers({ project }: Situation): Finding[] {
  const bundlers = BUNDLERS.filter((name) => name in project.dependencies)
  if (bundlers.length === 0) return []
  return [
    {
      level: 'note',
      subject: 'openai',
      text: `A copy of openai that ${bundlers.join(', ')} puts into a bundle cannot be seen here, nor by a loader hook.`,
      remedy:
        "Leave openai out of the bundle, or call instrumentOpenAI({ OpenAI, Stream }) inside it, with Stream from 'openai/streaming'.",
    },
  ]
}
