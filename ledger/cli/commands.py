"""Every command of `debt`: where it is, and what it says of itself.

Whoever only wants a list of them, as help and completion do, imports none.
"""

from __future__ import annotations

#: What a reader looks for -> its commands, in the order of use: the module of `ledger.cli` and the attribute in it, and the
#: command's first sentence.
SECTIONS = {
    "Record": {
        "commission": (
            "lead.openings:commission",
            "Take on debt on SYSTEM, knowingly: a shortcut called TITLE, with a plan to repay it.",
        ),
        "observe": (
            "lead.openings:observe",
            "Record neglect on SYSTEM, found afterwards: something left undone, called TITLE.",
        ),
        "adopt": (
            "lead.terms:adopt",
            "Adopt neglect as debt: a conscious decision about ITEM, or about each item of a file.",
        ),
        "renew": ("lead.terms:renew", "Give the debt ITEM a new term, by a new decision."),
        "repay": (
            "lead.items:repay",
            "Record work that lowered ITEM's principal by AMOUNT (5000, 5d), or by all of it.",
        ),
        "revise": ("lead.items:revise", "Estimate ITEM anew: its principal, its interest, or both."),
        "write-off": ("lead.items:write_off", "Write off the whole rest of ITEM, unpaid."),
        "plan": ("lead.items:plan", "Plan to repay the debt ITEM in QUARTER."),
        "interest": (
            "lead.items:interest",
            "Record what carrying ITEM really cost on a day, AMOUNT (250, 6h): beside the interest that is booked.",
        ),
        "edit": (
            "lead.descriptions:edit",
            "Call ITEM otherwise; figures and lists of earlier days keep the old title.",
        ),
        "tag": (
            "lead.descriptions:tag",
            "Put tags on ITEM and take others off: +later -fraud.",
        ),
        "assign": (
            "lead.descriptions:assign",
            "Say that WHO looks after ITEM, as the actor is named; 'nobody' takes it from everybody.",
        ),
        "link": ("lead.descriptions:link", "Link ITEM to URL, where more about it is found."),
        "note": ("lead.items:note", "Add a note to ITEM; closed and reversed ones take it too."),
        "reverse": (
            "lead.reversals:reverse",
            "Reverse the event at POSITION, which was entered in error; of an item on which one event stands, its key does.",
        ),
        "undo": (
            "lead.reversals:undo",
            "Reverse the last thing that you recorded and that stands, on ITEM or at all, once it was shown to you.",
        ),
    },
    "Look up": {
        "status": (
            "lead.status:status",
            "Show where the book stands, on one screen: what is owed, late, due and waiting.",
        ),
        "due": (
            "lead.status:due",
            "List the debts whose term ends in QUARTER; without it, to the end of the next quarter, and what is late.",
        ),
        "list": ("lead.listing:list_items", "List the register: what is open, or what the filters ask for."),
        "search": (
            "lead.listing:search",
            "Find the items of which each TEXT was said: in titles, reasons, notes, evidence, tags and links.",
        ),
        "show": (
            "lead.story:show",
            "Tell ITEM's whole story: decisions, postings with running balance, interest, events.",
        ),
        "log": (
            "lead.log:log",
            "List events as they were recorded: all, or those of an ITEM, of a system, or of the 'book'.",
        ),
        "decisions": (
            "lead.decisions:decisions",
            "The decision log as of a day: each record, its items, what they owe, and their interest since the decision.",
        ),
        "adr": (
            "lead.adr:adr",
            "Write ITEM's commission or adoption as a decision record, MADR 4, from its events; or all of them into files.",
        ),
        "categories": (
            "systems.categories:categories",
            "List the categories; of one, all that is known: its sign, how to measure and repay it, its source.",
        ),
    },
    "Budgets and packs": {
        "delta": (
            "finance.figures:delta",
            "The technical delta: what the systems owe on a day, debt and neglect apart.",
        ),
        "rollforward": (
            "finance.figures:rollforward",
            "The roll-forward of QUARTER, or of --from to --to: opening + movements = closing.",
        ),
        "ageing": (
            "lead.register:ageing",
            "What is outstanding, by system and age in days; lapsed and overdue are 'of which'.",
        ),
        "budget": ("finance.budgets:budget", "What may be spent on repayments, per quarter and team."),
        "forecast": ("finance.budgets:forecast", "What is expected to be spent on repayments, per quarter and team."),
        "review": (
            "systems.review:review",
            "List what is undocumented: each gap as the neglect it is, with the command that records or documents it.",
        ),
        "report": (
            "finance.report:report",
            "Write the pack of QUARTER, a workbook and charts that finance can open, and record that it was issued.",
        ),
        "close": ("finance.close:close", "Close QUARTER, once it has ended: for good."),
        "policy": ("finance.close:policy", "How the book is kept: set by events, and so for everybody."),
    },
    "Audit": {
        "verify": (
            "audit.verify:verify",
            "Verify that nothing was touched: chain, columns, requests, read models, head, triggers.",
        ),
        "replay": (
            "audit.replay:replay",
            "Fold the books from the events alone, print them, and say whether the stored read models agree.",
        ),
        "accepted": (
            "audit.accepted:accepted",
            "All accepted debt: who decided, why, for what benefit, until when, renewed how often, and what it is now.",
        ),
        "audit-report": (
            "audit.audit_report:audit_report",
            "Make the journal-entry tests of QUARTER, or of the whole book: the entries that deserve a question.",
        ),
        "verify-workbook": (
            "audit.reproduce:verify_workbook",
            "Hold every cell of a workbook that came back against the ledger; its own sheet About says at which position.",
        ),
        "reproduce": (
            "audit.reproduce:reproduce",
            "Build the PACK in a folder again, from the ledger alone, and compare every file with its manifest.",
        ),
        "checkpoint": (
            "audit.checkpoint:checkpoint",
            "Print a checkpoint of the book: how many events it has, and the root over their hashes.",
        ),
        "prove": ("audit.checkpoint:prove", "Print the proof that the event at POSITION is under a checkpoint."),
        "bundle": ("audit.bundle:bundle", "Write all that an auditor needs to OUT.zip, a file that is not there yet."),
    },
    "Systems and what is measured of them": {
        "system": ("systems.systems:system", "Machine-learning systems, their owners, and who reads whose output."),
        "monitor": ("systems.monitors:monitor", "Record how something about SYSTEM is watched, as monitor NAME."),
        "measure": ("systems.measure:measure", "Measure a system: its output, its input, its internals."),
        "expectations": (
            "systems.expectations:expectations",
            "What was measured of SYSTEM over time, expectation by expectation, beside its delta; and its ML Test Score.",
        ),
        "score": ("systems.scores:score_", "Record whether a TEST of the ML Test Score is run on SYSTEM."),
        "robustness": (
            "systems.documents:robustness",
            "Record that a confounding or adversarial CASE was tried on SYSTEM.",
        ),
        "explain": ("systems.documents:explain", "Record an explanation of SYSTEM; --on is since when it exists."),
        "datasheet": (
            "systems.datasheets:datasheet",
            "Show how far the data sheet of SYSTEM's data is answered, by whom and when; --format json has every answer.",
        ),
    },
    "Other tools": {
        "import": ("data.imports:import_", "Import other tools' findings: as neglect, until somebody adopts them."),
        "git": (
            "data.git:git",
            "What commits say about debt: 'Debt-Repays: FRAUD-12 3d' among the trailers of a message.",
        ),
        "sources": (
            "data.import_runs:sources",
            "Show what was imported: every run, what it recorded, whether it is finished or undone.",
        ),
        "export": (
            "data.exports:export",
            "Write the book as KIND to PATH, a file that is not there yet, or '-' for standard output.",
        ),
    },
    "Books and settings": {
        "init": ("admin.books:init", "Make or upgrade the database, and open a book in it."),
        "rate": ("finance.rates:rate", "The price of a person-day, for efforts typed as 15d or 6h."),
        "time-zone": ("admin.time_zones:time_zone", "The zone in which the days of the book begin and end."),
        "help": ("admin.help:help_", "Tell how a command is used: debt help repay."),
        "config": (
            "admin.config:config",
            "Show every setting, and where it comes from: an option, a variable, a file, or the default.",
        ),
        "db": ("admin.database:db", "The database: its schema, guards, read models and roles; backup and restore."),
        "demo": ("admin.demo:demo", "Build a worked example in an empty folder, and say where to look."),
    },
}

COMMANDS = {name: told for commands in SECTIONS.values() for name, told in commands.items()}

#: Words that other tools have taught -> the command that is meant.
OTHER_WORDS = {
    "ls": "list",
    "st": "status",
    "history": "log",
    "view": "show",
    "info": "show",
    "pay": "repay",
    "writeoff": "write-off",
}
