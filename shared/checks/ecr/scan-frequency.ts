/** Whether images are scanned without anybody asking; undefined for a frequency that is not known here. */
export function isAutomatic(frequency: string): boolean | undefined {
  if (frequency === 'SCAN_ON_PUSH' || frequency === 'CONTINUOUS_SCAN') return true;
  return frequency === 'MANUAL' ? false : undefined;
}
