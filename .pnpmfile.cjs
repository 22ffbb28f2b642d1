// The node-linux-* packages carry a Node.js binary. They are wanted only where
// the machine's own Node.js is too old for this repository: pnpm skips an
// optional dependency whose `engines`, `os` or `cpu` do not match.
const tooOld = '<22.15.0'

module.exports = {
  hooks: {
    readPackage(pkg) {
      const [, os, cpu] = /^node-(linux)-(x64|arm64)$/.exec(pkg.name) ?? []
      if (os) Object.assign(pkg, { os: [os], cpu: [cpu], engines: { node: tooOld } })
      return pkg
    },
  },
}
