// Makes one tree equal to another by changing only what differs: what stays keeps its place, its
// picture and its paint, so nothing flashes and nothing is loaded twice.

/** More comparisons than these between the children of one element are not worth their time. */
const MOST_COMPARED = 40_000;

/** Makes `old` equal to `next`, an element of the same name; `next` may lose nodes to it. */
export function morph(old: Element, next: Element): void {
  attributes(old, next);
  const before = [...old.childNodes], after = [...next.childNodes];
  const partners = pair(before, after);
  const staying = new Set(partners.values());
  for (const node of before) if (!staying.has(node)) node.remove();
  let place = old.firstChild;
  for (const node of after) {
    const partner = partners.get(node);
    if (!partner) {
      old.insertBefore(old.ownerDocument.adoptNode(node), place);
      continue;
    }
    place = partner.nextSibling;
    if (!partner.isEqualNode(node)) change(partner, node);
  }
}

function change(old: Node, next: Node): void {
  if (old.nodeType === Node.ELEMENT_NODE) morph(old as Element, next as Element);
  else old.nodeValue = next.nodeValue;
}

function attributes(old: Element, next: Element): void {
  for (const { name } of [...old.attributes]) if (!next.hasAttribute(name)) old.removeAttribute(name);
  for (const one of next.attributes) {
    if (old.getAttribute(one.name) !== one.value) old.setAttributeNode(one.cloneNode() as Attr);
  }
}

/** For each new node the old one that becomes it, in the same order on both sides. */
function pair(before: Node[], after: Node[]): Map<Node, Node> {
  const found = new Map<Node, Node>();
  let start = 0, endOld = before.length, endNew = after.length;
  while (start < endOld && start < endNew && before[start]!.isEqualNode(after[start]!)) {
    found.set(after[start]!, before[start]!);
    start += 1;
  }
  while (endOld > start && endNew > start && before[endOld - 1]!.isEqualNode(after[endNew - 1]!)) {
    endOld -= 1;
    endNew -= 1;
    found.set(after[endNew]!, before[endOld]!);
  }
  const olds = before.slice(start, endOld), news = after.slice(start, endNew);
  let fromOld = 0, fromNew = 0;
  for (const [old, fresh] of [...equals(olds, news), [olds.length, news.length] as const]) {
    pairSimilar(olds.slice(fromOld, old), news.slice(fromNew, fresh), found);
    if (old < olds.length) found.set(news[fresh]!, olds[old]!);
    fromOld = old + 1;
    fromNew = fresh + 1;
  }
  return found;
}

/** Of what differs, in order: an element becomes one of its name, a text becomes a text. */
function pairSimilar(olds: Node[], news: Node[], found: Map<Node, Node>): void {
  let at = 0;
  for (const fresh of news) {
    const partner = olds.findIndex((old, index) => index >= at && isSimilar(old, fresh));
    if (partner < 0) continue;
    found.set(fresh, olds[partner]!);
    at = partner + 1;
  }
}

function isSimilar(old: Node, next: Node): boolean {
  if (old.nodeType !== next.nodeType || old.nodeName !== next.nodeName) return false;
  return old.nodeType !== Node.ELEMENT_NODE || (old as Element).namespaceURI === (next as Element).namespaceURI;
}

/** The longest run of equal nodes on both sides, as pairs of their places. */
function equals(olds: Node[], news: Node[]): [number, number][] {
  const rows = olds.length, columns = news.length;
  if (!rows || !columns || rows * columns > MOST_COMPARED || (rows === 1 && columns === 1)) return [];
  const kept: number[][] = Array.from({ length: rows + 1 }, () => new Array<number>(columns + 1).fill(0));
  const same = olds.map((old) => news.map((fresh) => old.isEqualNode(fresh)));
  for (let row = rows - 1; row >= 0; row -= 1) {
    for (let column = columns - 1; column >= 0; column -= 1) {
      kept[row]![column] = same[row]![column]
        ? kept[row + 1]![column + 1]! + 1
        : Math.max(kept[row + 1]![column]!, kept[row]![column + 1]!);
    }
  }
  const found: [number, number][] = [];
  for (let row = 0, column = 0; row < rows && column < columns;) {
    if (same[row]![column]) found.push([row++, column++]);
    else if (kept[row + 1]![column]! >= kept[row]![column + 1]!) row += 1;
    else column += 1;
  }
  return found;
}
