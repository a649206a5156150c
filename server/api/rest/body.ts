/** A request's raw body, chunk by chunk. */
export async function* bodyOf(request: Request): AsyncGenerator<Uint8Array> {
  for await (const chunk of request.body ?? []) yield chunk as Uint8Array;
}
