// Questions to the studio. Every change brings this page's token; a refusal is a value.

let token = tokenOf(document);

function tokenOf(page: Document): string {
  return page.querySelector<HTMLMetaElement>('meta[name=studio-token]')?.content ?? '';
}

/** This page's token anew: that of another session, where a new link was opened meanwhile. */
export async function renewToken(): Promise<boolean> {
  try {
    const response = await fetch(location.pathname, { credentials: 'same-origin' });
    const page = new DOMParser().parseFromString(await response.text(), 'text/html');
    const found = response.ok ? tokenOf(page) : '';
    token = found || token;
    return !!found;
  } catch {
    return false;
  }
}

/** A last word of a page that is being closed, which the browser sends all the same. */
export function postOnLeaving(path: string, body: unknown): void {
  const octets = new Blob([JSON.stringify(body)]);
  const keepalive = octets.size < 60_000; // Fetch allows 64 KiB of all such requests together.
  const headers = { 'content-type': 'application/json', 'x-studio-token': token };
  void fetch(path, { method: 'POST', headers, body: octets, keepalive }).catch(() => undefined);
}

/** What came back: `ok`, or else the status and what was said; status 0 is a studio that is gone. */
export type Answer<T> =
  | { ok: true; value: T }
  | { ok: false; status: number; said: string; value: Record<string, unknown> };

export function get<T>(path: string, signal?: AbortSignal): Promise<Answer<T>> {
  return ask<T>(path, signal ? { signal } : {});
}

export function post<T>(path: string, body: unknown, signal?: AbortSignal): Promise<Answer<T>> {
  return ask<T>(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-studio-token': token },
    body: JSON.stringify(body),
    ...(signal ? { signal } : {}),
  });
}

/** A file as it is, such as a picture. */
export function send<T>(path: string, body: Blob, headers: Record<string, string> = {}): Promise<Answer<T>> {
  return ask<T>(path, {
    method: 'POST',
    headers: { ...headers, 'content-type': body.type || 'application/octet-stream', 'x-studio-token': token },
    body,
  });
}

async function ask<T>(path: string, init: RequestInit): Promise<Answer<T>> {
  let response: Response;
  try {
    response = await fetch(path, { ...init, credentials: 'same-origin' });
  } catch (error) {
    if ((error as Error).name === 'AbortError') throw error;
    return { ok: false, status: 0, said: 'The studio does not answer.', value: {} };
  }
  let value: unknown = {};
  try {
    value = await response.json();
  } catch {
    // An answer without JSON says what it has to say by its status.
  }
  if (response.ok) return { ok: true, value: value as T };
  const told = value as Record<string, unknown>;
  return { ok: false, status: response.status, said: String(told['said'] ?? ''), value: told };
}
