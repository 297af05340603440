import { DescribeKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { known, type Observed, undecidable } from '../../domain/observed.ts';
import type { CollectorContext } from '../../domain/ports.ts';
import { invalidAnswer } from './answers.ts';

/**
 * Who manages the KMS keys of a unit: each key is asked about once, however many repositories it encrypts.
 *
 * @see https://docs.aws.amazon.com/kms/latest/APIReference/API_KeyMetadata.html
 */
export class KeyManagers {
  readonly #context: CollectorContext;
  readonly #client: KMSClient;
  readonly #managers = new Map<string, Promise<Observed<string>>>();

  constructor(context: CollectorContext) {
    this.#context = context;
    this.#client = context.clientFor(KMSClient);
  }

  /** AWS or CUSTOMER. A key of another account is not asked about: only its owner can say. */
  managerOf(key: string): Promise<Observed<string>> {
    const asked = this.#managers.get(key) ?? this.#ask(key);
    this.#managers.set(key, asked);
    return asked;
  }

  async #ask(key: string): Promise<Observed<string>> {
    if (key.startsWith('arn:') && key.split(':')[4] !== this.#context.accountId) {
      return undecidable('The KMS key belongs to another account.');
    }
    const answer = await this.#context.readOptional(
      'kms:DescribeKey',
      ['NotFoundException'],
      () => this.#client.send(new DescribeKeyCommand({ KeyId: key })),
      { resource: key },
    );
    if (!answer.known) return answer;
    if (answer.value === null) return undecidable('The KMS key does not exist any more.');
    const manager = answer.value.KeyMetadata?.KeyManager;
    return manager === undefined
      ? invalidAnswer(this.#context, 'kms:DescribeKey', 'without a KeyManager', key)
      : known(manager);
  }
}
