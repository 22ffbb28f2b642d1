import { installHook } from './install-hook.ts'

installHook()
