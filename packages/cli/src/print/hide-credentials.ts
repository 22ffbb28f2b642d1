/** An address, or what was meant as one, without the user name and the password that may stand in it. */
export function hideCredentials(text: string): string {
  return text.replaceAll(/[^\s/]+@/g, '***@')
}
