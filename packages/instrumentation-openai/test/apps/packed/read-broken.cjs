/** Reads a stream that breaks, and handles what that throws. */
exports.readBroken = async (OpenAI) => {
  const client = new OpenAI({ apiKey: 'test', baseURL: process.argv[2], maxRetries: 0, logLevel: 'off' })
  const messages = [{ role: 'user', content: 'Hi' }]
  try {
    const stream = await client.chat.completions.create({ model: 'fault:cut_json', messages, stream: true })
    for await (const _ of stream);
  } catch (error) {
    console.log(error.name)
  }
}
