import { isoSeconds } from './json-shapes.ts';
import type { Member, Shape } from './shape.ts';

/**
 * XML bodies of the query and EC2 protocols. A list is an element that holds one child per item, named by the item's
 * `xmlName` or `member`; a flattened one repeats the element itself.
 * @see https://smithy.io/2.0/spec/protocol-traits.html#xml-bindings
 */
export function membersToXml(members: readonly Member[], value: Record<string, unknown>): string {
  let out = '';
  for (const member of members) {
    const item = value[member.name];
    if (item === undefined || item === null) continue;
    out += memberToXml(member, item);
  }
  return out;
}

/** One element with its text or children. */
export function element(name: string, content: string): string {
  return content === '' ? `<${name}/>` : `<${name}>${content}</${name}>`;
}

/** Escapes text for an XML element. */
export function escapeXml(text: string): string {
  return text.replace(/[&<>"'\r]/g, (character) => `&#${character.charCodeAt(0)};`);
}

function memberToXml(member: Member, value: unknown): string {
  const name = (member.traits.xmlName as string | undefined) ?? member.name;
  const shape = member.shape();
  if (member.traits.xmlFlattened && shape.kind === 'list') {
    return (value as unknown[]).map((item) => element(name, content(shape.element.shape(), item))).join('');
  }
  return element(name, content(shape, value));
}

function content(shape: Shape, value: unknown): string {
  switch (shape.kind) {
    case 'structure':
      return membersToXml(shape.members, value as Record<string, unknown>);
    case 'list':
      return (value as unknown[]).map((item) => memberToXml(shape.element, item)).join('');
    case 'map':
      return Object.entries(value as Record<string, unknown>)
        .map(([key, item]) => element('entry', memberToXml(shape.key, key) + memberToXml(shape.value, item)))
        .join('');
    case 'timestamp': {
      const date = value as Date;
      if (shape.format === 'epoch-seconds') return String(date.getTime() / 1000);
      return shape.format === 'http-date' ? date.toUTCString() : isoSeconds(date);
    }
    case 'blob':
      return Buffer.from(value as Uint8Array).toString('base64');
    default:
      return escapeXml(String(value));
  }
}
