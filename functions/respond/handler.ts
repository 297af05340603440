import type { SQSBatchResponse } from 'aws-lambda';
import { partsOfFindingId } from '#shared/domain/finding.ts';
import { fixes } from '#shared/fixes/index.generated.ts';
import { responsesIn } from '#shared/lambda/responses.ts';
import { parseEvent } from '#shared/middleware/parse-event.ts';
import { bodyOf, eachMessage, sqsEventSchema } from '#shared/middleware/sqs-batch.ts';
import { standardHandler } from '#shared/middleware/standard.ts';
import { logger } from '#shared/observability/telemetry.ts';
import { factHorizon } from '#shared/use-cases/fact-horizon.ts';
import { factsNow } from '#shared/use-cases/look.ts';
import { respond } from '#shared/use-cases/respond.ts';
import { lambdaApp } from '../app.ts';
import { customActionSchema } from './event-schema.ts';

/** Fixes, or only shows how it would fix, the findings that somebody chose in Security Hub. */
export const handler = standardHandler(
  sqsEventSchema,
  async (batch, context): Promise<SQSBatchResponse> =>
    eachMessage(batch, async (message) => {
      const { eventId, action, findingIds } = parseEvent(customActionSchema, bodyOf(message));
      const app = lambdaApp(context);
      const { config } = await app.settings();
      const isFix = action === 'HullcheckFix';
      if (isFix && !config.respond.apply) {
        logger.warn('A fix was asked for and is only shown: the configuration does not say respond.apply: true.');
      }
      const accounts = new Set(findingIds.flatMap((id) => partsOfFindingId(id)?.accountId ?? []));
      const wiring = await app.wiring(`respond ${eventId}`, factHorizon(await app.targetsInScope(), accounts));
      const records = await respond(findingIds, {
        ...wiring,
        fixes,
        ...(await responsesIn(app)),
        facts: () => factsNow(wiring),
        requestedBy: `${action} ${eventId}`,
        apply: isFix && config.respond.apply,
        // Nobody is there who could answer for it.
        allowUnknownUse: false,
      });
      for (const record of records) logger.info(record.says, { response: record });
    }),
);
