import { describe, expect, it } from '@jest/globals'
import { readRequest } from '../src/request/request-facts.ts'

/** Base URLs as the services' own documentation gives them, and the provider that each is told as. */
const BASE_URLS: readonly (readonly [baseURL: string, provider: string])[] = [
  ['https://api.openai.com/v1', 'openai'],
  ['https://eu.api.openai.com/v1', 'openai'],
  ['https://river.openai.azure.com/openai/v1/', 'azure.ai.openai'],
  ['https://river.openai.azure.us/openai/deployments/flow', 'azure.ai.openai'],
  ['https://river.services.ai.azure.com/openai/v1', 'azure.ai.openai'],
  ['https://river.cognitiveservices.azure.com/openai', 'azure.ai.openai'],
  ['https://flow.eastus2.models.ai.azure.com/v1', 'azure.ai.inference'],
  ['https://flow.eastus2.inference.ai.azure.com/v1', 'azure.ai.inference'],
  ['https://flow.eastus2.inference.ml.azure.com/v1', 'azure.ai.inference'],
  ['https://api.groq.com/openai/v1', 'groq'],
  ['https://API.GROQ.COM:443/openai/v1', 'groq'],
  ['https://api.mistral.ai/v1', 'mistral_ai'],
  ['https://codestral.mistral.ai/v1', 'mistral_ai'],
  ['https://api.deepseek.com', 'deepseek'],
  ['https://api.x.ai/v1', 'x_ai'],
  ['https://us-east-1.api.x.ai/v1', 'x_ai'],
  ['https://api.perplexity.ai', 'perplexity'],
  ['https://generativelanguage.googleapis.com/v1beta/openai/', 'gcp.gemini'],
  ['https://europe-west4-aiplatform.googleapis.com/v1/projects/p/locations/l/endpoints/openapi', 'gcp.vertex_ai'],
  ['https://aiplatform.googleapis.com/v1/projects/p/locations/global/endpoints/openapi', 'gcp.vertex_ai'],
  ['https://bedrock-runtime.us-west-2.amazonaws.com/openai/v1', 'aws.bedrock'],
  ['https://bedrock-mantle.eu-central-1.api.aws/v1', 'aws.bedrock'],
  ['https://api.anthropic.com/v1/', 'anthropic'],
  ['https://api.cohere.ai/compatibility/v1', 'cohere'],
  ['https://us-south.ml.cloud.ibm.com/ml/gateway/v1', 'ibm.watsonx.ai'],
  ['https://api.moonshot.ai/v1', 'moonshot_ai'],
  ['https://api.moonshot.cn/v1', 'moonshot_ai'],
  ['https://openrouter.ai/api/v1', 'openrouter'],
  ['https://api.together.xyz/v1', 'together_ai'],
  ['https://api.fireworks.ai/inference/v1', 'fireworks_ai'],
  ['https://api.cerebras.ai/v1', 'cerebras'],
  ['https://integrate.api.nvidia.com/v1', 'nvidia'],
  ['https://dbc-0a1b.cloud.databricks.com/serving-endpoints', 'databricks'],
  ['https://adb-1.2.azuredatabricks.net/serving-endpoints', 'databricks'],
  ['https://1.2.gcp.databricks.com/serving-endpoints', 'databricks'],
  ['https://river.snowflakecomputing.com/api/v2/cortex/v1', 'snowflake'],
  ['https://dashscope.aliyuncs.com/compatible-mode/v1', 'alibaba_cloud'],
  ['https://dashscope-intl.aliyuncs.com/compatible-mode/v1', 'alibaba_cloud'],
  ['https://cn-hongkong.dashscope.aliyuncs.com/compatible-mode/v1', 'alibaba_cloud'],
  ['https://open.bigmodel.cn/api/paas/v4', 'zhipu_ai'],
  ['https://api.z.ai/api/paas/v4', 'zhipu_ai'],
  ['https://api.minimax.io/v1', 'minimax'],
  ['https://api.minimaxi.com/v1', 'minimax'],
  ['https://ark.cn-beijing.volces.com/api/v3', 'volcengine'],
  ['https://api.siliconflow.com/v1', 'siliconflow'],
  ['https://router.huggingface.co/v1', 'hugging_face'],
  ['https://a1.us-east-1.aws.endpoints.huggingface.cloud/v1', 'hugging_face'],
  ['https://models.github.ai/inference', 'github'],
  ['https://models.inference.ai.azure.com', 'github'],
  ['https://api.githubcopilot.com', 'github'],
  ['https://api.individual.githubcopilot.com', 'github'],
  ['https://api.cloudflare.com/client/v4/accounts/0a1b/ai/v1', 'cloudflare'],
  ['https://api.deepinfra.com/v1/openai', 'deepinfra'],
  ['https://api.sambanova.ai/v1', 'sambanova'],
  ['https://api.novita.ai/openai/v1', 'novita_ai'],
  ['https://api.studio.nebius.com/v1', 'nebius'],
  ['https://api.hyperbolic.xyz/v1', 'hyperbolic'],
  ['https://inference.baseten.co/v1', 'baseten'],
  ['https://ollama.com/v1', 'ollama'],
  ['https://ai-gateway.vercel.sh/v1', 'vercel'],
]

function providerOf(baseURL: unknown): string | undefined {
  return readRequest({ baseURL }, { method: 'post', path: '/chat/completions', body: {} })?.provider
}

describe('the provider', () => {
  it.each(BASE_URLS)('of %s is %s', (baseURL, provider) => {
    expect(providerOf(baseURL)).toBe(provider)
  })

  const hosts = BASE_URLS.map(([baseURL]) => new URL(baseURL).hostname)
  it.each(hosts)('is not told by a host that only looks like %s', (host) => {
    const others = [
      `${host}.evil.example`,
      `evil.example/${host}`,
      `evil.example?${host}`,
      `${host}@evil.example`,
      host.replaceAll('.', '-'),
      host.replace(/\.[^.]+$/, '.example'),
      `${host}x`,
    ]
    expect(others.map((other) => providerOf(`https://${other}/v1`))).toEqual(others.map(() => 'openai'))
  })

  it.each([
    'http://localhost:11434/v1',
    'http://127.0.0.1:8000/v1',
    'http://[::1]:8080/v1',
    'http://192.168.1.7:1234/v1',
    'http://host.docker.internal:11434/v1',
    'http://ollama:11434/v1',
    'http://groq.example/v1',
    'http://evil-api.groq.com/v1',
    'http://myopenrouter.ai/v1',
    'http://openai.azure.com/v1',
    'https://gateway.ai.cloudflare.com/v1/account/gateway/openai',
    'no URL at all',
    '',
    undefined,
    7,
  ])('is the one of the SDK where the base URL is %j', (baseURL) => {
    expect(providerOf(baseURL)).toBe('openai')
  })
})
