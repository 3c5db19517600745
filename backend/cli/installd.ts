import { main } from "./installd-command.ts";

process.exitCode = await main(process.argv.slice(2));
