import { once } from 'node:events';
import { createServer as createTcpServer, type Server } from 'node:net';
import { createServer } from 'node:tls';
import { afterEach, expect, test } from 'vitest';
import { makeClusterCertificates } from '#demo/kubernetes/certificates.ts';
import { tryConnection } from '#shared/aws/cluster-connection.ts';

const servers: Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

async function listen(server: Server): Promise<string> {
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `https://127.0.0.1:${(server.address() as { port: number }).port}`;
}

test('a cluster that proves who it is is reached', async () => {
  const { authority, server } = makeClusterCertificates(new Date());
  const url = await listen(createServer({ cert: server.certificate, key: server.key }, (socket) => socket.end()));

  expect(await tryConnection({ url, certificateAuthority: authority })).toBeUndefined();
});

test('somebody else who answers in its place is not', async () => {
  const { server } = makeClusterCertificates(new Date());
  const { authority: other } = makeClusterCertificates(new Date());
  const url = await listen(createServer({ cert: server.certificate, key: server.key }, (socket) => socket.end()));

  expect(await tryConnection({ url, certificateAuthority: other })).toBe('tls');
});

test('something that speaks no TLS is not', async () => {
  const url = await listen(createTcpServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')));

  expect(await tryConnection({ url, certificateAuthority: '' })).toBe('tls');
});

test('a name that nobody knows', async () => {
  expect(await tryConnection({ url: 'https://cluster.invalid', certificateAuthority: '' })).toBe('dns');
});

test('a port at which nobody listens', async () => {
  const server = createTcpServer();
  const url = await listen(server);
  server.close();
  await once(server, 'close');

  expect(await tryConnection({ url, certificateAuthority: '' })).toBe('refused');
});

test('silence ends after the time that is given', async () => {
  const url = await listen(createTcpServer(() => undefined));

  expect(await tryConnection({ url, certificateAuthority: '' }, 50)).toBe('timeout');
});

test('what is no URL at all is no exception', async () => {
  expect(await tryConnection({ url: 'nowhere', certificateAuthority: '' })).toBe('tls');
});
