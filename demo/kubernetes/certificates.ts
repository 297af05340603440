import { createSign, generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto';

/** A certificate and its key, in PEM. */
export interface Certificate {
  certificate: string;
  key: string;
}

/** The CA of one cluster, and what its API server shows. */
export interface ClusterCertificates {
  authority: string;
  server: Certificate;
}

interface KeyPair {
  publicKey: KeyObject;
  privateKey: KeyObject;
}

const OID = {
  commonName: '550403',
  basicConstraints: '551d13',
  keyUsage: '551d0f',
  subjectAlternativeName: '551d11',
  ecdsaWithSha256: '2a8648ce3d040302',
};
const YEAR_MS = 365 * 24 * 60 * 60 * 1000;

/**
 * Makes a CA and a certificate for loopback that it has signed, as EKS does for each cluster. The keys live and die with
 * the process. Node reads certificates but makes none, hence the few lines of DER here; nothing is parsed.
 *
 * @see https://www.rfc-editor.org/rfc/rfc5280#section-4.1
 */
export function makeClusterCertificates(now: Date): ClusterCertificates {
  const authority = newKeyPair();
  const server = newKeyPair();
  const names = { authority: 'kubernetes', server: 'kube-apiserver' };
  const caExtensions = [
    extension(OID.basicConstraints, sequence(boolean(true))),
    extension(OID.keyUsage, Buffer.from('03020106', 'hex')),
  ];
  const loopback = Buffer.concat([tagged(0x82, Buffer.from('localhost')), tagged(0x87, Buffer.from([127, 0, 0, 1]))]);
  const serverExtensions = [extension(OID.subjectAlternativeName, tagged(0x30, loopback))];
  const sign = (subject: string, key: KeyPair, extensions: Buffer[]) =>
    certificate({ subject, issuer: names.authority, now, publicKey: key.publicKey, extensions }, authority.privateKey);
  return {
    authority: sign(names.authority, authority, caExtensions),
    server: {
      certificate: sign(names.server, server, serverExtensions),
      key: server.privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
    },
  };
}

function newKeyPair(): KeyPair {
  return generateKeyPairSync('ec', { namedCurve: 'P-256' });
}

interface ToSign {
  subject: string;
  issuer: string;
  now: Date;
  publicKey: KeyObject;
  extensions: Buffer[];
}

function certificate({ subject, issuer, now, publicKey, extensions }: ToSign, signingKey: KeyObject): string {
  const algorithm = sequence(objectId(OID.ecdsaWithSha256));
  // The clock of a demo may be set to another year than that of TLS, which knows only one.
  const from = new Date(Math.min(now.getTime(), Date.now()) - YEAR_MS);
  const until = new Date(Math.max(now.getTime(), Date.now()) + 2 * YEAR_MS);
  const toBeSigned = sequence(
    tagged(0xa0, Buffer.from('020102', 'hex')),
    tagged(0x02, Buffer.concat([Buffer.from([1]), randomBytes(8)])),
    algorithm,
    name(issuer),
    sequence(time(from), time(until)),
    name(subject),
    publicKey.export({ type: 'spki', format: 'der' }),
    tagged(0xa3, sequence(...extensions)),
  );
  const signature = createSign('sha256').update(toBeSigned).sign(signingKey);
  const der = sequence(toBeSigned, algorithm, tagged(0x03, Buffer.concat([Buffer.from([0]), signature])));
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
}

function name(commonName: string): Buffer {
  return sequence(tagged(0x31, sequence(objectId(OID.commonName), tagged(0x0c, Buffer.from(commonName)))));
}

/** All extensions here are critical but the names, whose subject is not empty. */
function extension(id: string, value: Buffer): Buffer {
  const isCritical = id !== OID.subjectAlternativeName;
  return sequence(objectId(id), ...(isCritical ? [boolean(true)] : []), tagged(0x04, value));
}

function boolean(value: boolean): Buffer {
  return tagged(0x01, Buffer.from([value ? 0xff : 0]));
}

function time(at: Date): Buffer {
  return tagged(0x18, Buffer.from(`${at.toISOString().replace(/\D/g, '').slice(0, 14)}Z`));
}

function objectId(hex: string): Buffer {
  return tagged(0x06, Buffer.from(hex, 'hex'));
}

function sequence(...parts: Buffer[]): Buffer {
  return tagged(0x30, Buffer.concat(parts));
}

function tagged(tag: number, content: Buffer): Buffer {
  const { length } = content;
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}
