/** What counts as a wildcard besides `*`: IAM patterns also know `?`, ECR's filters do not. */
export interface WildcardOptions {
  /** True where `?` stands for exactly one character. */
  readonly questionMark?: boolean;
}

/**
 * Whether a pattern, in which `*` stands for any number of characters, matches the whole text. Runs in
 * O(pattern × text) at worst and never backtracks further than the last `*`: patterns come from the scanned account.
 */
export function matchesWildcard(pattern: string, text: string, options: WildcardOptions = {}): boolean {
  let at = 0;
  let inPattern = 0;
  let lastStar = -1;
  let resumeAt = 0;
  while (at < text.length) {
    const wanted = pattern[inPattern];
    if (wanted === '*') {
      lastStar = inPattern;
      inPattern += 1;
      resumeAt = at;
    } else if (wanted === text[at] || (wanted === '?' && options.questionMark === true)) {
      inPattern += 1;
      at += 1;
    } else if (lastStar !== -1) {
      inPattern = lastStar + 1;
      resumeAt += 1;
      at = resumeAt;
    } else {
      return false;
    }
  }
  while (pattern[inPattern] === '*') inPattern += 1;
  return inPattern === pattern.length;
}

/** Whether a pattern matches every text: it is made of nothing but asterisks. */
export function matchesEverything(pattern: string): boolean {
  return /^\*+$/.test(pattern);
}
