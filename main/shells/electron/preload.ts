import { contextBridge, ipcRenderer } from "electron";
import { MAX_MESSAGE_BYTES } from "../../../app/rpc/methods.ts";
import { guardPage } from "../../bridge/guard.ts";
import { createPageEnd } from "../../bridge/page.ts";
import { CALL, TEXT } from "./channels.ts";

const { bridge, receive } = createPageEnd((text) => {
  void ipcRenderer.invoke(CALL, text).then((answer: unknown) => {
    if (typeof answer === "string") receive(answer);
  });
}, MAX_MESSAGE_BYTES);

ipcRenderer.on(TEXT, (_, text: string) => receive(text));
guardPage(globalThis as unknown as Window);
contextBridge.exposeInMainWorld("silver", bridge);
