// An address as it is read: its host without www, and its path; the rest is folded away.

/** How much of an address is folded, from its beginning and from its end; null to leave it whole. */
export function folds(address: string): { start: number; end: number } | null {
  const opening = /^https?:\/\/(?:www\.)?(?=[^/?#\s])/i.exec(address);
  if (!opening) return null;
  const start = opening[0].length;
  const tail = /[?#].*$|\/$/.exec(address.slice(start));
  return { start, end: tail ? tail[0].length : 0 };
}
