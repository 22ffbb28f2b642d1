// The same as CommonJS.
const { OpenAI } = require('openai')
const { readBroken } = require('./read-broken.cjs')

void readBroken(OpenAI)
