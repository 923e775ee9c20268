// A file sent to the studio as it is, with its name; a refusal is a value, as in api.ts.
import { send, type Answer } from './api';

/** The name goes in a header, in percent-encoding, since a header has no other letters. */
export function sendFile<T>(path: string, file: File, headers: Record<string, string> = {}): Promise<Answer<T>> {
  const encoded = Object.entries(headers).map(([name, value]) => [name, encodeURIComponent(value)]);
  return send<T>(path, file, { 'x-file-name': encodeURIComponent(file.name), ...Object.fromEntries(encoded) });
}
