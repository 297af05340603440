import { type PolicyDocument, readPolicy } from '../../domain/iam-policy.ts';
import { type Observed, undecidable } from '../../domain/observed.ts';

/**
 * Reads a policy document as IAM returns it, URL-encoded by RFC 3986.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetRole.html
 */
export function readDocument(text: string | undefined): Observed<PolicyDocument> {
  if (text === undefined) return undecidable('IAM returned no document of the policy.');
  try {
    return readPolicy(decodeURIComponent(text));
  } catch {
    // Not an encoding at all: what is left is a text that is no policy either.
    return undecidable('The policy is not a document that IAM could evaluate.');
  }
}
