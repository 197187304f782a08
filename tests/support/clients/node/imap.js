"use strict";
// Serve mails by IMAP on a free port of this machine, and refuse to open a folder to whoever has not said who he is, as
// 163, 126 and yeah do. A JSON object of hoodiecrow's settings comes on standard input; the port is told on a line.

const hoodiecrow = require("hoodiecrow-imap");

function demandId(server) {
    const id = server.getCommandHandler("ID");
    server.setCommandHandler("ID", (connection, parsed, data, callback) => {
        connection.told = true;
        id(connection, parsed, data, callback);
    });
    for (const name of ["SELECT", "EXAMINE"]) {
        const open = server.getCommandHandler(name);
        server.setCommandHandler(name, (connection, parsed, data, callback) => {
            if (connection.told) {
                return open(connection, parsed, data, callback);
            }
            const words = { type: "TEXT", value: `${name} Unsafe Login. Please contact kefu@188.com for help` };
            connection.send({ tag: parsed.tag, command: "NO", attributes: [words] }, "UNSAFE", parsed, data);
            return callback();
        });
    }
}

let said = "";
process.stdin.on("data", (part) => (said += part));
process.stdin.on("end", () => {
    const server = hoodiecrow({ ...JSON.parse(said), plugins: ["ID", demandId] });
    server.listen(0, "127.0.0.1", () => console.log(server.server.address().port));
});
