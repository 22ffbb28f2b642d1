import { lookup } from 'node:dns/promises'
import type { AddressInfo } from 'node:net'
import { networkInterfaces } from 'node:os'

/** Where a connection to a wildcard goes. */
const WILDCARDS: ReadonlyMap<string, string> = new Map([
  ['0.0.0.0', '127.0.0.1'],
  ['::', '::1'],
])

/** Whether a URL leads to who listens at an address, however its host is spelled: requests would go round without an end. */
export const isOwnAddress = async (url: URL, { address, port }: AddressInfo): Promise<boolean> => {
  const urlPort = url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port)
  // The name is looked up only where its port is the same.
  if (urlPort !== port) return false
  const found = await lookup(url.hostname.replaceAll(/[[\]]/g, ''), { all: true }).catch(() => [])
  const listening = WILDCARDS.has(address)
    ? Object.values(networkInterfaces()).flatMap((addresses = []) => addresses.map((own) => own.address))
    : [address]
  return found.some((leads) => listening.includes(WILDCARDS.get(leads.address) ?? leads.address))
}
