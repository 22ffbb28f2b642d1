/**
 * The words of the wire that say nothing of a conversation: which of them may be read in a masked chunk.
 *
 * All of this is a list of what is allowed, so that an unknown field of an unknown server is masked. No name below may be
 * one changed letter away from a name that carries content, or one flipped bit could unmask it; a test holds that.
 */

/** Values under these names are shown if they look like an identifier: at most 128 of `A-Z a-z 0-9 _ . : / -`. */
export const HARMLESS_STRINGS: ReadonlySet<string> = words(
  'id object model type role status event phase channel severity provider effort verbosity truncation',
  'finish_reason native_finish_reason stop_reason system_fingerprint service_tier',
  'item_id call_id tool_call_id response_id previous_response_id request_id message_id run_id thread_id step_id',
  'assistant_id approval_request_id generation_id source_type token_type tool_choice execution',
)

/** Numbers under these names are shown, and under names that end in {@link HARMLESS_NUMBER_ENDINGS}. */
export const HARMLESS_NUMBERS: ReadonlySet<string> = words(
  'index created sequence_number status status_code retry_after temperature top_p',
)

/** @see HARMLESS_NUMBERS */
export const HARMLESS_NUMBER_ENDINGS: RegExp = /_(?:tokens|index|at|ms|us|time|count|offset|per_second)$/

/**
 * Objects and arrays under these names are the API's own structure. Inside any other, nothing is shown but punctuation
 * and `true`, `false`, `null`: it may be a tool's arguments, a schema, the user's metadata or, in `top_logprobs` of the
 * older API, an object with the model's words as its names.
 */
export const STRUCTURE: ReadonlySet<string> = words(
  'delta message messages item part content reasoning reasoning_details summary refusal thinking text format output audio',
  'tool_calls function function_call code_interpreter file_search web_search outputs tools annotations annotation',
  'action operation logprobs usage cost incomplete_details step_details message_creation truncation_strategy',
  'prompt_tokens_details completion_tokens_details input_tokens_details output_tokens_details prompt_token_details',
  'completion_token_details input_token_details output_token_details token_details cost_details context_details',
  'content_filter_results content_filter_result content_filter_offsets prompt_filter_results prompt_annotations',
  'content_filters content_filter_raw hate self_harm sexual violence jailbreak profanity protected_material_code',
  'protected_material_text x_groq timings time_info sla_metrics tool_usage copilot_usage required_action',
  'submit_tool_outputs search_results sources',
)

/** Like {@link STRUCTURE}; besides, an `error` in one of these is the API's. */
export const ERROR_BEARERS: ReadonlySet<string> = words('choices response data status_details')

/** What stands under these names where an error may be is an error object, or its text. */
export const ERROR_NAMES: ReadonlySet<string> = words('error errors last_error')

/** Objects and arrays inside an error object that are still part of the error. */
export const ERROR_STRUCTURE: ReadonlySet<string> = words(
  'error errors details detail metadata cause causes inner_error innererror loc reasons content_filter_result',
)

/** Texts of an error object that are shown. Not `failed_generation`, `input` and `flagged_input`: these quote people. */
export const ERROR_TEXTS: ReadonlySet<string> = words(
  'message msg detail details error error_description error_message error_type error_code type code param status reason',
  'reasons title description hint doc_url documentation_url help_url request_id requestId provider_name raw kind domain',
  'cause causes loc name status_text statusText timestamp path trace_id traceId instance cf_ray ray_id',
)

/**
 * Of these, the ones that show at the root of an `error` event's data that doesn't call itself an error: no event of the
 * APIs has them there, so a lost blank line, which gives an answer's event the next one's name, unmasks nothing.
 */
export const ROOT_ERROR_TEXTS: ReadonlySet<string> = words('message msg detail error_description error_message')

/** A JSON body without any of these is no error. */
export const ERROR_MARKS: ReadonlySet<string> = words(
  'error errors message msg detail details error_description error_message status statusCode status_code',
)

/** Further names in a JSON body that is nothing but an error, in the dialects of gateways. */
export const ERROR_BODY_NAMES: ReadonlySet<string> = words('success statusCode status_code retryable object')

/** Names that carry content. They only serve to show a name whose end was cut off. */
export const CONTENT_NAMES: ReadonlySet<string> = words(
  'content text delta reasoning reasoning_content reasoning_text arguments refusal input output output_text name',
  'transcript obfuscation summary token bytes logprob partial_json thinking signature encrypted_content code query queries',
  'title url snippet description instructions parameters metadata user citations search_results diff command commands',
  'failed_generation partial_image_b64 b64_json value quote filename patch',
)

/** Event names are shown if all their parts (between `.` and `_`) are among these; others only in a healthy frame. */
export const EVENT_WORDS: ReadonlySet<string> = words(
  'response created in progress queued completed failed incomplete cancelled cancelling expired done error exception',
  'output item added part text delta annotation reasoning summary refusal function call arguments content web file search',
  'searching code interpreter interpreting mcp list tools custom tool input image generation generating partial edit',
  'audio transcript transcription segment thread run step message requires action keepalive keep alive heartbeat ping',
  'chat completion chunk chunks start stop end open close update session shell command apply patch operation diff',
)

/** Comments are shown word by word if the word is among these: `: OPENROUTER PROCESSING`, `: keep-alive`. */
export const COMMENT_WORDS: ReadonlySet<string> = words(
  'openrouter processing keep alive keepalive ping pong heartbeat hb ok connected connection stream start open waiting',
)

/** Every name that may show although its end was cut off. */
export const KNOWN_NAMES: readonly string[] = [
  ...new Set([
    ...HARMLESS_STRINGS,
    ...HARMLESS_NUMBERS,
    ...STRUCTURE,
    ...ERROR_BEARERS,
    ...ERROR_NAMES,
    ...CONTENT_NAMES,
    'prompt_tokens',
    'completion_tokens',
    'total_tokens',
    'created_at',
  ]),
]

function words(...lines: readonly string[]): ReadonlySet<string> {
  return new Set(lines.flatMap((line) => line.split(' ')))
}
