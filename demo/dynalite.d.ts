/** The part of dynalite the demo account uses; the package comes without types. */
declare module 'dynalite' {
  import type { Server } from 'node:http';

  /** Makes an HTTP server that answers as DynamoDB does and keeps its tables in memory. */
  export default function dynalite(options?: {
    createTableMs?: number;
    deleteTableMs?: number;
    updateTableMs?: number;
  }): Server;
}
