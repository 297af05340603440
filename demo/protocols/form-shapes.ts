import type { Member, Shape, StructureShape } from './shape.ts';

type Tree = { [key: string]: Tree | string };

/**
 * Reads the form body of the query and EC2 protocols (`Filter.1.Value.2=x`) into an operation's input.
 * @see https://smithy.io/2.0/aws/protocols/aws-query-protocol.html
 * @see https://smithy.io/2.0/aws/protocols/aws-ec2-query-protocol.html
 */
export function fromForm(shape: StructureShape, form: URLSearchParams, dialect: 'query' | 'ec2'): unknown {
  return structure(shape, treeOf(form), dialect);
}

function treeOf(form: URLSearchParams): Tree {
  const root: Tree = Object.create(null) as Tree;
  for (const [path, value] of form) {
    let node = root;
    const parts = path.split('.');
    const last = parts.pop() as string;
    for (const part of parts) {
      const next = node[part];
      if (typeof next === 'object') {
        node = next;
      } else {
        const child = Object.create(null) as Tree;
        node[part] = child;
        node = child;
      }
    }
    node[last] = value;
  }
  return root;
}

function structure(shape: StructureShape, tree: Tree, dialect: 'query' | 'ec2'): Record<string, unknown> {
  const out: Record<string, unknown> = {};
  for (const member of shape.members) {
    const node = tree[formName(member, dialect)];
    if (node === undefined) continue;
    out[member.name] = value(member.shape(), node, dialect, Boolean(member.traits.xmlFlattened));
  }
  return out;
}

function value(shape: Shape, node: Tree | string, dialect: 'query' | 'ec2', flattened: boolean): unknown {
  if (typeof node === 'string') return scalar(shape, node);
  switch (shape.kind) {
    case 'structure':
      return structure(shape, node, dialect);
    case 'list': {
      const itemName = (shape.element.traits.xmlName as string | undefined) ?? 'member';
      const items = dialect === 'ec2' || flattened ? node : node[itemName];
      return inOrder(items).map((item) => value(shape.element.shape(), item, dialect, false));
    }
    case 'map': {
      const keyName = (shape.key.traits.xmlName as string | undefined) ?? 'key';
      const valueName = (shape.value.traits.xmlName as string | undefined) ?? 'value';
      return Object.fromEntries(
        inOrder(flattened ? node : node.entry).map((entry) => {
          const pair = entry as Tree;
          return [pair[keyName], value(shape.value.shape(), pair[valueName] as Tree | string, dialect, false)];
        }),
      );
    }
    default:
      return undefined;
  }
}

function scalar(shape: Shape, text: string): unknown {
  switch (shape.kind) {
    case 'number':
      return Number(text);
    case 'boolean':
      return text === 'true';
    case 'timestamp':
      return new Date(text);
    case 'blob':
      return Buffer.from(text, 'base64');
    case 'list':
      return [];
    case 'map':
    case 'structure':
      return {};
    default:
      return text;
  }
}

function inOrder(items: Tree | string | undefined): (Tree | string)[] {
  if (typeof items !== 'object') return [];
  return Object.entries(items)
    .sort(([a], [b]) => Number(a) - Number(b))
    .map(([, item]) => item);
}

function formName(member: Member, dialect: 'query' | 'ec2'): string {
  const xmlName = member.traits.xmlName as string | undefined;
  if (dialect === 'query') return xmlName ?? member.name;
  const ec2Name = member.traits.ec2QueryName as string | undefined;
  if (ec2Name) return ec2Name;
  const name = xmlName ?? member.name;
  return name.charAt(0).toUpperCase() + name.slice(1);
}
