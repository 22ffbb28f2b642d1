import { context, createContextKey, type Context } from '@opentelemetry/api'
import { Operation } from './operation.ts'

const OPERATION = createContextKey('streamgauge operation')

/** Operations by the SDK's controller of their request: the one object that every later step has at hand. */
const byController = new WeakMap<object, Binding>()

/** What a controller leads to until the operation has ended. */
export interface Binding {
  operation: Operation | undefined
}

/**
 * Ties an operation to a controller while it is open. openai 4 and 5 leave a listener on the application's signal that holds
 * the controller: it must not hold all that was known of the request as well, for as long as the signal lives.
 */
export function bind(controller: object, operation: Operation): void {
  const binding: Binding = { operation: operation.hasEnded ? undefined : operation }
  byController.set(controller, binding)
  operation.binding = binding
}

export function operationOf(controller: unknown): Operation | undefined {
  return typeof controller === 'object' && controller !== null ? byController.get(controller)?.operation : undefined
}

/** The operation on whose behalf the running code was called, if any; without a context manager there is none. */
export function currentOperation(): Operation | undefined {
  const found = context.active().getValue(OPERATION)
  return found instanceof Operation ? found : undefined
}

/** Runs `run` where its spans become children of the operation's, and its retries find the operation. */
export function runIn<T>(operation: Operation, run: () => T): T {
  const own: Context = operation.context.setValue(OPERATION, operation)
  return context.with(own, () => {
    operation.hasContext = currentOperation() === operation
    return run()
  })
}
