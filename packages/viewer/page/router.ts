import { useEffect, useState } from 'preact/hooks'

/** Where the page is, as in the address. */
export interface Place {
  readonly path: string
  readonly query: URLSearchParams
}

const listeners = new Set<() => void>()

function readPlace(): Place {
  return { path: location.pathname, query: new URLSearchParams(location.search) }
}

function announce(): void {
  for (const listener of listeners) listener()
}

/** Goes to another address of the page; `replace` leaves no trace in the history, as for each letter of a search. */
export function navigate(to: string, { replace = false }: { readonly replace?: boolean } = {}): void {
  if (replace) history.replaceState(null, '', to)
  else {
    history.pushState(null, '', to)
    scrollTo(0, 0)
  }
  announce()
}

/** Where the page is now; follows links and the browser's own buttons. */
export function usePlace(): Place {
  const [place, setPlace] = useState(readPlace)
  useEffect(() => {
    const update = (): void => setPlace(readPlace())
    listeners.add(update)
    window.addEventListener('popstate', update)
    document.addEventListener('click', followLink)
    return () => {
      listeners.delete(update)
      window.removeEventListener('popstate', update)
      document.removeEventListener('click', followLink)
    }
  }, [])
  return place
}

/** Links within the page load nothing anew. With a key held they open where the browser would open them. */
function followLink(event: MouseEvent): void {
  if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey) return
  const link = event.target instanceof Element ? event.target.closest('a') : null
  if (link === null || link.origin !== location.origin || link.hasAttribute('download') || link.target !== '') return
  if (link.pathname.startsWith('/api/') || link.hash !== '') return
  event.preventDefault()
  navigate(link.pathname + link.search)
}

/** An address within the page, without the parameters that are empty. */
export function address(path: string, query: Readonly<Record<string, string | null | undefined>>): string {
  const parameters = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== null && value !== '') parameters.set(name, value)
  }
  return parameters.size === 0 ? path : `${path}?${parameters.toString()}`
}
