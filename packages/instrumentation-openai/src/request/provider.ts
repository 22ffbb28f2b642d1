/**
 * Hosts whose provider is certain. Names are the well-known values of the conventions where they have one; else the name
 * that the service gives itself, in lower case, with `_` between its words.
 */
const PROVIDERS: readonly (readonly [host: RegExp, provider: string])[] = [
  // Before the hosts of Azure, one of which it once was.
  [/^(models\.github\.ai|models\.inference\.ai\.azure\.com|api(\.[a-z]+)?\.githubcopilot\.com)$/, 'github'],
  [/\.openai\.azure\.(com|us)$/, 'azure.ai.openai'],
  [/\.(services\.ai|cognitiveservices)\.azure\.(com|us)$/, 'azure.ai.openai'],
  [/\.(models\.ai|inference\.ai|inference\.ml)\.azure\.com$/, 'azure.ai.inference'],
  [/^api\.groq\.com$/, 'groq'],
  [/^(api|codestral)\.mistral\.ai$/, 'mistral_ai'],
  [/^api\.deepseek\.com$/, 'deepseek'],
  [/^([a-z0-9-]+\.)?api\.x\.ai$/, 'x_ai'],
  [/^api\.perplexity\.ai$/, 'perplexity'],
  [/^generativelanguage\.googleapis\.com$/, 'gcp.gemini'],
  [/^([a-z0-9-]+-)?aiplatform\.googleapis\.com$/, 'gcp.vertex_ai'],
  [/^bedrock-[a-z-]+\.[a-z0-9-]+\.(amazonaws\.com|api\.aws)$/, 'aws.bedrock'],
  [/^api\.anthropic\.com$/, 'anthropic'],
  [/^api\.cohere\.(ai|com)$/, 'cohere'],
  [/^[a-z0-9-]+\.ml\.cloud\.ibm\.com$/, 'ibm.watsonx.ai'],
  [/^api\.moonshot\.(ai|cn)$/, 'moonshot_ai'],
  // From here on, names of our own making.
  [/^openrouter\.ai$/, 'openrouter'],
  [/^api\.together\.(xyz|ai)$/, 'together_ai'],
  [/^api\.fireworks\.ai$/, 'fireworks_ai'],
  [/^api\.cerebras\.ai$/, 'cerebras'],
  [/^(integrate|ai)\.api\.nvidia\.com$/, 'nvidia'],
  [/\.(cloud\.databricks\.com|gcp\.databricks\.com|azuredatabricks\.net)$/, 'databricks'],
  [/\.snowflakecomputing\.com$/, 'snowflake'],
  [/^([a-z0-9-]+\.)?dashscope(-[a-z]+)?\.aliyuncs\.com$/, 'alibaba_cloud'],
  [/^(open\.bigmodel\.cn|api\.z\.ai)$/, 'zhipu_ai'],
  [/^(api\.minimax\.(io|chat)|api\.minimaxi\.com)$/, 'minimax'],
  [/^ark\.[a-z0-9-]+\.volces\.com$/, 'volcengine'],
  [/^api\.siliconflow\.(com|cn)$/, 'siliconflow'],
  [/^((router|api-inference)\.huggingface\.co|.+\.endpoints\.huggingface\.cloud)$/, 'hugging_face'],
  [/^api\.cloudflare\.com$/, 'cloudflare'],
  [/^api\.deepinfra\.com$/, 'deepinfra'],
  [/^api\.sambanova\.ai$/, 'sambanova'],
  [/^api\.novita\.ai$/, 'novita_ai'],
  [/^api\.studio\.nebius\.(com|ai)$/, 'nebius'],
  [/^api\.hyperbolic\.xyz$/, 'hyperbolic'],
  [/^inference\.baseten\.co$/, 'baseten'],
  [/^ollama\.com$/, 'ollama'],
  [/^ai-gateway\.vercel\.sh$/, 'vercel'],
]

/** `gen_ai.provider.name`: told from the host where that is certain, else that of the SDK. */
export function findProvider(host: string): string {
  return PROVIDERS.find(([pattern]) => pattern.test(host))?.[1] ?? 'openai'
}
