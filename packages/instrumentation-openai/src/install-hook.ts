import { register } from 'node:module'
import { register as registerSync, supportsSyncHooks } from 'import-in-the-middle/register-hooks.mjs'

/**
 * The files of openai that are patched: the only modules whose loading is touched. openai 4 would die of a hook that touches
 * its `_shims`.
 */
const PATCHED_FILES = /\/openai\/(client|core|streaming|core\/streaming)\.mjs$/

let installed = false

/**
 * Installs the loader hook that lets ES modules be patched, once. Only the files of openai that are patched go through it:
 * no other module of the application is loaded in another way than without us.
 */
export function installHook(): void {
  if (installed) return
  installed = true
  const options = { include: [PATCHED_FILES] }
  if (supportsSyncHooks()) registerSync(options)
  // Older Node.js runs its hooks in a thread of their own.
  else register('import-in-the-middle/hook.mjs', import.meta.url, { data: options })
}
