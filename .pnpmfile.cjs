// The node-linux-* packages carry a Node.js binary. They are wanted only where the machine's own Node.js is too old for
// this repository: pnpm skips an optional dependency whose `engines`, `os` or `cpu` do not match.
//
// Once fetched, that binary is the Node.js that npx shows to pnpm. So its own version stands in the range too, or the
// next install would remove it. With a newer one, add its version and keep the old.
const engines = { node: '<22.15.0 || 24.20.0' }

module.exports = {
  hooks: {
    readPackage(pkg) {
      const [, os, cpu] = /^node-(linux)-(x64|arm64)$/.exec(pkg.name) ?? []
      if (os) Object.assign(pkg, { os: [os], cpu: [cpu], engines })
      return pkg
    },
  },
}
