import { createServer, type Server, type Socket } from "node:net";
import { Snapshot, type Phase } from "../../app/wizard/snapshot.ts";
import { Client } from "./client.ts";
import type { Dispatcher } from "./dispatch.ts";
import { combined } from "./dispatch.ts";
import type { Session } from "./session.ts";
import { sessionVerbs } from "./verbs.ts";

/** A user interface, its successor after a crash, and a few to look on. */
const MAX_CLIENTS = 8;
/** Milliseconds between notifications: at once while somebody waits for an answer, seldom while there is only progress. */
const PACE = { busy: 100, idle: 10 } as const;

const busy: readonly Phase[] = ["installing", "undoing"];

/** Serves a session to the clients of a socket. */
export class SessionServer {
  readonly server: Server;
  readonly #clients = new Set<Client>();
  readonly #extra: readonly Dispatcher[];
  #session: Session;
  #dispatcher: Dispatcher;
  #unsubscribe: () => void;
  #pending: NodeJS.Timeout | null = null;

  /** @param extra methods besides the session's, for the dry run */
  constructor(session: Session, extra: readonly Dispatcher[] = []) {
    this.#extra = extra;
    this.#session = session;
    this.#dispatcher = combined([sessionVerbs(session), ...extra]);
    this.#unsubscribe = this.#watch(session);
    this.server = createServer((socket) => {
      this.#welcome(socket);
    });
  }

  #watch(session: Session): () => void {
    return session.store.subscribe(() => {
      this.#pending ??= setTimeout(
        () => {
          this.#pending = null;
          this.#tellAll();
        },
        busy.includes(session.state.phase) ? PACE.busy : PACE.idle,
      );
    });
  }

  /** Goes on with another session; clients stay connected. */
  use(session: Session): void {
    this.#unsubscribe();
    this.#session = session;
    this.#dispatcher = combined([sessionVerbs(session), ...this.#extra]);
    this.#unsubscribe = this.#watch(session);
    this.#tellAll();
  }

  #tellAll(): void {
    if (this.#clients.size === 0) return;
    const snapshot = Snapshot.parse(this.#session.state);
    for (const client of this.#clients) client.notify(snapshot);
  }

  #welcome(socket: Socket): void {
    if (this.#clients.size >= MAX_CLIENTS) {
      socket.destroy();
      return;
    }
    const client = new Client(
      socket,
      () => this.#dispatcher,
      () => this.#clients.delete(client),
    );
    this.#clients.add(client);
    client.notify(Snapshot.parse(this.#session.state));
  }

  async close(): Promise<void> {
    this.#unsubscribe();
    if (this.#pending) clearTimeout(this.#pending);
    for (const client of this.#clients) client.close();
    if (!this.server.listening) return;
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }
}
