import { BlockList, isIP } from "node:net"

/** Networks that probes may reach although they are not public, as the operator listed them. */
export type PrivateNetworks = Pick<BlockList, "check">

/**
 * Addresses that belong to nobody on the internet:
 * https://www.iana.org/assignments/iana-ipv4-special-registry/iana-ipv4-special-registry.xhtml. Of IPv6 only what is given
 * out for the internet (2000::/3) is public, less what is special in it, or leads back to an IPv4 address.
 */
const SPECIAL = networks([
  "0.0.0.0/8",
  "10.0.0.0/8",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "172.16.0.0/12",
  "192.0.0.0/24",
  "192.0.2.0/24",
  "192.88.99.0/24",
  "192.168.0.0/16",
  "198.18.0.0/15",
  "198.51.100.0/24",
  "203.0.113.0/24",
  "224.0.0.0/3",
  "2001::/23",
  "2001:db8::/32",
  "2002::/16",
  "3fff::/20",
])
const PUBLIC_V6 = networks(["2000::/3"])

/**
 * Where clouds hand out the credentials of the machine that asks, and what reaches them: no list opens these.
 * https://learn.microsoft.com/en-us/azure/virtual-network/what-is-ip-address-168-63-129-16 is a public address.
 */
const NEVER = networks([
  "0.0.0.0/8",
  "169.254.0.0/16",
  "168.63.129.16/32",
  "192.0.0.192/32",
  "100.100.100.200/32",
  "fe80::/10",
  "fd00:ec2::/32",
  "fd00:42::/32",
  "fd00:c1::/32",
  "fd20:ce::/32",
  // 169.254.0.0/16 by way of NAT64 (RFC 6052).
  "64:ff9b::a9fe:0/112",
])

function networks(list: readonly string[]): BlockList {
  const all = new BlockList()
  for (const one of list) addTo(all, one)
  return all
}

function addTo(all: BlockList, network: string): void {
  const [address = "", bits] = network.split("/")
  const kind = isIP(address) === 4 ? "ipv4" : "ipv6"
  all.addSubnet(address, Number(bits ?? (kind === "ipv4" ? 32 : 128)), kind)
}

/**
 * The networks that an operator lets probes reach.
 * @param list addresses and networks such as `10.20.0.0/16`, with commas or spaces between them; absent: none
 * @throws Error where one of them is neither
 */
export const privateNetworks = (list = ""): PrivateNetworks =>
  networks(list.split(/[\s,]+/).filter((one) => one !== ""))

/**
 * Whether a probe may be sent to an address. Configuration is text from outside, and Slipway stands in somebody's network:
 * what only that network reaches is not for who writes a `slipway.yml`.
 *
 * @param address as a resolver gave it; a name is refused
 */
export function mayProbe(address: string, allowed: PrivateNetworks): boolean {
  const family = isIP(address)
  // An address with a zone (`fe80::1%eth0`) is one of this machine's own links.
  if (family === 0 || address.includes("%")) return false
  const kind = family === 4 ? "ipv4" : "ipv6"
  if (NEVER.check(address, kind)) return false
  if (allowed.check(address, kind)) return true
  return !SPECIAL.check(address, kind) && (family === 4 || PUBLIC_V6.check(address, kind))
}
