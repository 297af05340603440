import { S3Client } from '@aws-sdk/client-s3';
import { objectPlace, writeText } from '#shared/aws/bucket.ts';
import { allChecks, composeApp } from '#shared/composition-root.ts';
import { loadConfig } from '#shared/config/load.ts';
import { inventoryText } from '#shared/inventory-file/write.ts';

/** What the CronJob in a cluster of the demo account does. */
export async function collectInside(cluster: string, place: string): Promise<void> {
  const object = objectPlace(place);
  if (object === undefined) throw new Error(`${place} is no place in a bucket`);
  const app = composeApp({
    ...loadConfig(undefined, 'test', allChecks()),
    toolVersion: '0.0.0-test',
    hashKey: new Uint8Array(32),
    unlimitedRate: true,
    cluster,
  });
  const s3 = new S3Client();
  const text = inventoryText(await app.collect([{}], ['us-east-1']), '0.0.0-test');
  await writeText(s3, object.bucket, object.key, text, 'application/x-ndjson');
  s3.destroy();
  app.close();
}
