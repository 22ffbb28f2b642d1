/**
 * An address, or what was meant as one, without the user name and the password that may stand in it. A password that was not
 * percent-encoded may hold any sign, so that all before the last `@` goes, but for the protocol.
 */
export function hideCredentials(text: string): string {
  return text.replace(/^(\s*[a-z][a-z\d+.-]*:\/\/)?.*@/is, '$1***@')
}
