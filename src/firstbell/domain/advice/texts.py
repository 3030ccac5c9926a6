"""What the advisor says, by key. A deployment may say any of it otherwise (advice.settings); {names} are filled in."""

from typing import Final

TEXTS: Final[dict[str, str]] = {
    "method.self_managed": "Self-Managed",
    "method.assisted": "One-Time Assisted",
    "method.automated": "Automated",
    "criterion.accounts": "Head count",
    "criterion.mobility": "Moves between schools",
    "criterion.frequency": "How often rosters change",
    "criterion.current": "Today’s way",
    "heading.accounts": "Accounts, staff and students",
    "heading.mobility": "Students move between schools",
    "heading.frequency": "Rosters change",
    "heading.current": "Today’s way",
    "heading.first_roster": "First roster",
    "heading.log_in": "Log-in",
    "heading.sso": "Single sign-on",
    "heading.updates": "Later changes",
    "table.accounts.self_managed": "Under {assisted_from}",
    "table.accounts.assisted": "{assisted_from} to {assisted_to}",
    "table.accounts.automated": "{automated_from} and over",
    "table.first_roster.self_managed": "By you, one by one or by template",
    "table.first_roster.assisted": "By Technical Services, from your templates",
    "table.first_roster.automated": "From your system",
    "table.updates.self_managed": "By you, in the product",
    "table.updates.assisted": "By you, in the product",
    "table.updates.automated": "By scheduled imports",
    "table.log_in.self_managed": "Username and password",
    "table.log_in.assisted": "Username and password",
    "table.log_in.automated": "Username and password, or single sign-on",
    "question.accounts": "How many people, staff and students together?",
    "question.mobility": "How often do students move between your schools?",
    "question.frequency": "How often do your rosters change?",
    "question.current": "How are students rostered today?",
    "answer.mobility.rarely": "Rarely",
    "answer.mobility.often": "Often",
    "answer.frequency.as-needed": "Now and then, as needed",
    "answer.frequency.yearly": "Once or twice a year",
    "answer.frequency.daily": "Every day",
    "answer.frequency.weekly": "Every week",
    "answer.current.manual": "By hand",
    "answer.current.sis": "From a student information system (SIS)",
    "answer.current.integration": "Through an integration service (Clever, ClassLink and the like)",
    "because.accounts.self_managed": "Fewer than {assisted_from} accounts are quickly kept by hand.",
    "because.accounts.assisted": "{assisted_from} to {assisted_to} accounts are many to type, and few enough to keep "
    "by hand once Technical Services has imported them.",
    "because.accounts.automated": "{automated_from} accounts and more are too many to keep by hand.",
    "because.accounts.both": "{accounts} accounts fit both One-Time Assisted (up to {assisted_to}) and Automated "
    "(from {automated_from}), so the other answers decide between them.",
    "because.mobility.rarely": "Few students move between schools, so somebody can follow the moves by hand.",
    "because.mobility.often": "Each move between schools changes several classes; imports follow them by themselves.",
    "because.frequency.as-needed": "A change now and then is made in the product in a minute.",
    "because.frequency.yearly": "What changes once or twice a year is imported in bulk, and then kept by hand.",
    "because.frequency.daily": "What changes every day is out of date by the time somebody has typed it.",
    "because.frequency.weekly": "What changes every week is work for an import, not for a person.",
    "because.current.manual": "Rosters are made by hand, so there is no system yet that an import could read.",
    "because.current.sis": "A student information system has the roster already, and an import reads it from there.",
    "because.current.integration": "An integration service delivers the roster already, and an import takes it.",
    "decision.agree": "Every answer fits {method}.",
    "decision.only": "The only answer so far fits {method}.",
    "decision.open": "The answers so far fit {tied} alike. What is not answered yet decides; until then, {method} "
    "takes the least to set up.",
    "decision.outweighed": "{against} would say {other}. {deciding} weigh more together and say {method}.",
    "decision.outweighed_alone": "{against} would say {other}. {deciding} says {method}, and weighs more.",
    "decision.between": "The answers pull both ways: {below} toward {lower}, {above} toward {higher}. {method} lies "
    "between, and is the nearest to all of them together.",
    "decision.tie": "The answers weigh the same for {tied}. {deciding} decides, and says {method}.",
    "decision.tie_nearest": "The answers weigh the same for {tied}. {deciding} decides: of these, {method} is "
    "nearest to what it says.",
    "condition.needs_a_system": "Automated reads from a student information system or an integration service, and you "
    "roster by hand today. Find out whether your district has one. If it has none, begin with One-Time Assisted.",
    "condition.has_a_system": "You have a system that Automated could read. You can change to it at any time, and no "
    "account is lost by it.",
    "condition.outgrows_hands": "Rosters that change this often are hard to keep by hand. If your district has a "
    "student information system or gets one, Automated takes that work off you.",
    "product.takes_not": "{product} does not take {method}: it takes {methods}.",
    "product.only_by": "{product} takes Automated only by {ways}.",
    "product.decides": "But {products} does not take {best}. {method} is the nearest method that all your products "
    "take.",
    "follows.sso.no_product": "No single sign-on: none of the products that you chose takes it.",
    "change.to_automated": "Nobody loses an account. The first file is previewed before it is applied: whoever it "
    "matches by an id, e-mail address or username that you declare keeps the account, password and classes, and is "
    "kept in step by your system from then on. Whoever it does not match stays, and stays yours to edit.",
    "change.from_automated": "Nobody loses an account. When you let the source go, everyone stays as they are and "
    "becomes yours to edit. Single sign-on exists with Automated only: give those who use it a password or a card "
    "first.",
    "change.between": "Nothing changes for the accounts that are there: under both methods you keep them in the "
    "product. What differs is who brings in many new ones at once.",
    "follows.first_roster.self_managed": "You enter people and classes in the product, one by one or by template, "
    "with our guides.",
    "follows.first_roster.assisted": "You fill in templates and upload them. Technical Services checks them, imports "
    "them in bulk, and verifies with you that every account exists.",
    "follows.first_roster.automated": "It comes from your system, and you see what it would make before it is made.",
    "follows.log_in.self_managed": "With a username and password that you give out, on cards if you like.",
    "follows.log_in.assisted": "With a username and password, handed over once to your contact person.",
    "follows.log_in.automated": "With a username and password, or by single sign-on if your district has it.",
    "follows.sso.self_managed": "No single sign-on: it needs accounts that a system keeps in step, so it exists with "
    "Automated only.",
    "follows.sso.assisted": "No single sign-on: it needs accounts that a system keeps in step, so it exists with "
    "Automated only.",
    "follows.sso.automated": "Single sign-on is possible, if your district has it.",
    "follows.updates.self_managed": "You make them in the product, at any time and as often as you need.",
    "follows.updates.assisted": "You make them in the product afterwards, without waiting for us.",
    "follows.updates.automated": "They come by scheduled imports. Your system is the truth: what it says is corrected "
    "there, not in the product.",
}

NEXT_STEPS: Final[dict[str, tuple[str, ...]]] = {
    "self_managed": (
        "Name the person in your office who will keep the roster.",
        "Have your list of schools, classes, staff and students at hand.",
        "Ask for your district to be opened; you can begin on the same day.",
    ),
    "assisted": (
        "Ask for One-Time Assisted, and say which schools and products and by when.",
        "Fill in the templates that Technical Services gives you, and upload them.",
        "Look through the verification, account by account, and sign it off.",
    ),
    "automated": (
        "Find out who in your district runs the student information system or the integration service.",
        "Agree which schools, grades and classes are shared: only those whose people will use a product.",
        "Ask for your district to be opened, connect the source, and look at the first preview before it is applied.",
    ),
}
