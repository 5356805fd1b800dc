"""
More of what people type about harm outside the home: what is seen of it, what children say of it themselves, the names of
orders and meetings, and how somebody comes to a service at all.

Inflected forms need no line of their own; what a steward has changed stays.
"""

from __future__ import annotations

from django.db import migrations

# what it stands for → what people type
MORE = {
    # --- drawn into crime: what is seen of it, in the words of those who see it
    "cce, county_lines, specialist_exploitation_1to1, specialist_keyworking": (
        "cunch, oc, gone country, up country, line phone, work phone, cheap phone, brick phone, several phones, three"
        " phones, lots of phones, phone never stops, phone goes all night, answers the phone whatever, shots food,"
        " shotter, serving up, nittys, selling food, moving food, moving weight, pushing weight, re up, reup, reload,"
        " holding it down, holding for, holding something for, holding stuff for, holding packages, dropping off, drops"
        " things off, delivering for, delivers packages, running errands, does jobs for, little jobs for, does favours,"
        " asked to look after, look after something, minding something, hide something, under the mattress, in his"
        " wardrobe, found in his coat, found in his jacket, found in his trainers, baggies, cling film, scales, wraps, b"
        " and w, pebbles, bricks of, kilo, an ounce, ninebar, box of weed, travels alone, coach to, coach ticket, miles"
        " from home, miles away from home, hundreds of miles, found miles away, out of town, arrested in another,"
        " stopped in another, seaside town, market town, hire car, rental car, car he didnt know, car i dont know, cars"
        " pull up, gets into cars, got into a car, in and out of cars, men in cars, dropped home in a"
    ),
    "cce, specialist_exploitation_1to1, specialist_keyworking": (
        "drawn into, getting drawn in, got drawn in, dragged into, dragged in, pulled into, sucked in, sucked into, in"
        " too deep, in over his head, in deep, tangled up, roped into, roped in, talked into, lured, enticed, bribed,"
        " tricked into, conned, used to sell, used to hold, made to carry, made to sell, made to hold, made to do"
        " things, made him do, made her do, made to work off, work it off, pay it off, pay back, paying them back, cant"
        " pay back, set up robbery, robbed of the drugs, robbed of his pack, cant get out, cannot get out, trying to get"
        " out, wants to get out, scared to leave, cant leave, cannot leave, wont let him leave, wont let him go, wont"
        " let her go, stop working for, stop selling, walk away from it, get away from them, get him away, get her away,"
        " get him out, get her out, safe exit, exit plan, wont let her leave, used to carry, new coat, designer coat,"
        " moncler, expensive jacket, expensive coat, expensive watch, rolex, designer gear, designer stuff, designer"
        " trainers, new gear, new stuff, things i didnt buy, stuff i didnt buy, clothes i didnt buy, trainers i didnt"
        " buy, phone i didnt buy, didnt buy him, didnt buy her, where the money, more money than, too much money, always"
        " got money, flashing money, flash with money, money flashing, showing off money, wad of notes, roll of notes,"
        " new scooter, new iphone, given a phone, gave him a phone, gave her a phone, bought him a phone, bought her a"
        " phone, given money, gave him money, given trainers, given clothes, bought him things, buys him things, buys"
        " him food, buys them food, free takeaways, bought takeaways, bought him trainers, bought her things, mandem,"
        " road ting, in the streets, in the game, hustling, hustler, making p, making bread, getting bread, getting p,"
        " getting money, chasing money, money on the side, groomer, op shop, graft, lookout, keeps watch, spotter"
    ),
    "cce, county_lines, practice_consultation": (
        "two mobiles, second mobile, hides his phone, guards his phone, wont put his phone down, never off his phone,"
        " glued to his phone, constant calls, constant messages, calls at night, calls all night, calls at all hours,"
        " texts at all hours, messages at all hours, goes when they call, runs when they call, called out at night,"
        " people i dont know, people we dont know, friends i dont know, friends we dont know, wont tell us where, wont"
        " tell us who, wont say who, wont tell me who, lies about where, lying about where, lies to me, lying to me,"
        " different story, always has an excuse, scared of someone, scared of somebody, looks over his shoulder,"
        " watching his back, people looking for him, people looking for her, people after him, people after her, men"
        " looking for him, someone looking for him, somebody looking for him, knocking for him, knocking at the door,"
        " bricks through, threatened the family, threatening us, threatened his mum, threatened his mother, threats to"
        " the family, threats against the family, threats to us, threats to me, threats at home, threats to his mum,"
        " came to the house, came to our door, men at the door, people at the door"
    ),
    "cce, serious_youth_violence, specialist_exploitation_1to1, specialist_keyworking": (
        "held hostage, kidnapped, abducted, held against his will, tortured, punished, taught a lesson, stripped,"
        " humiliated, took his trainers, took his coat, took his shoes, stolen off him"
    ),
    "county_lines, cce, hospital_rapid_response": "swallowed a package, prison wallet, crotching",
    "cce, employment_training, specialist_keyworking": "offered work by, honest work, legal work, legal way",
    # --- sexual exploitation
    "cse, specialist_exploitation_1to1, specialist_keyworking": (
        "adult male, adult men, group of men, men in their twenties, men in their thirties, in his twenties, in his"
        " thirties, in his forties, meeting men, meeting an adult, adults around her, adults around him, boys who are"
        " too old, boyfriend is 20, boyfriend is 21, boyfriend is 22, boyfriend is 23, boyfriend is 24, boyfriend is 25,"
        " boyfriend is 30, 20 year old boyfriend, 21 year old boyfriend, 22 year old boyfriend, 23 year old boyfriend,"
        " 24 year old boyfriend, 25 year old boyfriend, boyfriend has a car, boyfriend with a car, boyfriend drives,"
        " drives her around, drives her about, meets her after school, collects her from school, in a hotel, at a hotel,"
        " hotels with, travelodge, parties with, house parties, takes her to parties, given alcohol, given drink, given"
        " drugs, plied with, gives her alcohol, gives her drink, gives her drugs, gives her weed, gives her vapes, gives"
        " him vapes, free vapes, free weed, free drugs, free alcohol, buys her vapes, buys her drink, buys her things,"
        " buys her clothes, bought her clothes, bought her underwear, new underwear, lingerie, expensive presents,"
        " jewellery, money for pictures, pays her, sexual favours, shared between, shared with his friends, sexual acts,"
        " linkup, sket, gyal, wifey"
    ),
    "cse, therapeutic_support, specialist_exploitation_1to1": (
        "spiked, sexually hurt, made to touch, touched her, touched him, flashed at, flasher, exposed himself, sarc,"
        " forensic medical, disclosed abuse, disclosed sexual, made a disclosure, disclosed to, disclosed that, told her"
        " friend"
    ),
    "girls_only, cse": (
        "sti, std, chlamydia, pregnant, pregnancy, termination, abortion, miscarriage, morning after pill,"
        " contraception, condoms, on the pill, hickey"
    ),
    # --- weapons
    "knife_weapon, specialist_keyworking": (
        "nank, rambo, zombie, samurai, katana, cutlass, dagger, flickknife, box cutter, with a screwdriver, axe,"
        " hatchet, golf club, metal bar, iron bar, crowbar, corrosive, ammonia, bleach attack, taser, pepper spray, cs"
        " spray, catapult, slingshot, airgun, ball bearing, strapped, handgun, shotgun, bullets, ammunition, threatened"
        " another boy with, threatened another pupil with, knifepoint, doesnt feel safe without, everyone carries,"
        " everybody carries, stop carrying, stop him carrying, surrender bin, kcpo, svro"
    ),
    "knife_weapon, school_workshop, school_targeted_programme": "danger of carrying, joint enterprise",
    "weapons_drugs_rapid_response, knife_weapon, school_inclusion_support": (
        "compass at school, wand search, school searching, searched at school, locker search, police in school, police"
        " came to school"
    ),
    # --- hurt, in hospital, afraid
    "hospital_rapid_response, serious_youth_violence, knife_weapon": (
        "chef up, chefed, dipped up, wetted, juked, jooked, ching, bored up, gunshot, drive by, nearly died, almost"
        " died, could have died, nearly killed, icu, in a coma, operation after, in surgery, having surgery, trauma"
        " centre, trauma team, trauma nurse, resus, the ed, walk in centre, helimed, first aider, concussion, knocked"
        " out, unconscious, fractured, broken nose, broken bones, broken ribs, tendon, scar, stoma, run over, rammed,"
        " punctured lung, abh, grievous bodily harm, hurt in a fight, hurt badly, seriously hurt, bandaged"
    ),
    "hospital_rapid_response, hospital": (
        "in hospital, at hospital, to hospital, from hospital, bedside, paediatrics, paediatrician, hospital youth"
        " worker, hospital worker, navigator, coming out of hospital, out of hospital, leaving hospital, after hospital,"
        " left hospital, ed nurse, junior doctor, hospital safeguarding, safeguarding nurse, somebody to sit with,"
        " someone to sit with, nobody with him, nobody with her, no one with him, no one with her, triage nurse"
    ),
    "serious_youth_violence, specialist_keyworking": (
        "set upon, beat him, beat her, battered, stamped on, head stamped, got rushed, rushed by, banged out, banged up"
        " him, sparked out, knocked him out, headbutted, headbutt, throttled, strangled, choked, chokehold, affray,"
        " riot, ambushed, chased, followed by a group, followed by boys, followed by a car, followed by lads, got"
        " followed, out to get him, wants to hurt him, going to hurt him, going to get him, gonna get him, going to"
        " kill, gonna kill"
    ),
    "serious_youth_violence, therapeutic_support": (
        "afraid to walk, afraid at night, wont walk alone, wont go out alone, wont go into town, wont go to town, cant"
        " go into town, cant go out, cannot go out, cant go there, cant walk there, wont leave the estate, wrong estate,"
        " other side of town, crossing town, wrong bus, hypervigilant, hyper vigilant"
    ),
    # --- groups that have fallen out
    "conflict_resolution, group_conflict": (
        "ops, wants smoke, got smoke, violating, dissing, calling each other out, slid on, ride out, rode out, ride for"
        " him, rideout, set trip, pagan, paigon, wasteman, sidemen, manor, the hood, repping, postcode stuff, postcode"
        " thing, postcode lines, neighbouring estate, neighbouring school, other estate, other school, boys from"
        " another, lads from another, girls from another, group from another, from the other side, two sides, two"
        " families, grudge, bad feeling, split into two, taking sides, sides have formed, brewing, bubbling, boiling"
        " over, simmering, about to blow, going to blow, about to explode, about to kick, going to go off, over a girl,"
        " over a boy, row between, fallen out, fallouts, used to be friends, used to be best friends, stopped being"
        " friends, school wars, group attack, pack of boys, messages between groups, goading, baiting, winding each"
        " other up, provoking, avenge, vengeance, retaliatory, cycle of violence, separate them, need separating,"
        " interrupters, apology, make amends, squash it, calm it down, calm them down, talk them down, talk down, get"
        " them talking, get them to talk, work it out between"
    ),
    # --- missing
    "missing, late_night_outreach, specialist_keyworking": (
        "missing again, gone missing, went missing, missing a lot, missing every, missing for days, missing for hours,"
        " missing for two, missing for three, missing all weekend, missing since, missing from home, missing from"
        " placement, missing from school, missing from foster, missing from the unit, missing reports, reported missing,"
        " report him missing, reported as missing, missing child, missing children, missing teenager, missing panel,"
        " misping, unauthorised absence, runs off, ran off, keeps running, legged it, walked out, storms out, takes off,"
        " took off, took himself off, took herself off, sneaks out, snuck out, sneaks out at night, climbs out of the"
        " window, out of the window, slips out, goes out at night, out till late, out until late, out till all hours,"
        " out till morning, comes back at, came back at, rolls in at, comes back late, back in the morning, comes home"
        " at, came home at, comes home high, comes home drunk, came home drunk, comes home dirty, came home dirty, comes"
        " back dirty, came back dirty, comes back hungry, came home with, someone elses clothes, dishevelled, unkempt,"
        " unwashed, same clothes, wearing the same, doesnt say where, does not say where, wont say where hes been, wont"
        " say where shes been, where has he been, where has she been, where hes been, where shes been, dont know where"
        " he is, dont know where she is, where he goes, where she goes, wont answer his phone, not answering phone,"
        " phone is off, hasnt come back, hasnt come home, hasnt been home, not been home, not been seen, hasnt been"
        " seen, not seen for, not seen since, last seen, wont come home, doesnt want to go home, away for days, staying"
        " with people, staying with strangers, staying at mens, stays with friends, stays at friends, sleeping at"
        " friends, at friends houses, sleeping on sofas, sleeping on floors, sleeping in cars, sleeping in friends cars,"
        " sleeping in a tent, sleeping in the park, sleeping in stairwells, sleeping in a shed, sleeping outside,"
        " sleeping out, slept in a, wandering, roaming, on the run, hiding out, harboured, caw, cawn, child abduction"
        " warning, abduction notice, trigger plan, prevention interview, return conversation, independent return, after"
        " being missing, after missing, when he comes back, when she comes back, just returned, returned home, back home"
        " now, found safe, safe return, away from home, gone three days, gone for three days, gone two days, gone all"
        " weekend, gone for hours"
    ),
    # --- school and being out of it
    "missing_education, school_inclusion_support, school_embedded_worker": (
        "fixed period, fpe, permed, day 6 provision, independent review panel, move to secondary, starting secondary,"
        " start of secondary, transition to secondary, transition to year 7, year 6 transition, going up to secondary,"
        " fap, hospital education, home tuition, home tutor, homeschooled, ehe, deregistered, removed from roll, one"
        " hour a day, two hours a day, reduced hours, reduced provision, bespoke timetable, personalised timetable,"
        " timetable changes, respite placement, alternative learning, alternative providers, referral unit, behaviour"
        " unit, in isolation, isolation booth, on report, sanctions, removed from class, removed from lessons, asked to"
        " leave school, last warning, last straw, swearing, defiant, defiance, wont follow rules, climbs the fence,"
        " wagging, mitching, skips lessons, skips classes, no education, without education, not had any education, not"
        " in education, not in lessons, no provision, sao, refuses to go in, wont go in, cant go in, hates school,"
        " ebsna, ebsr, bored in class, failing, grades dropped, grades have dropped, grades slipping, drop in grades,"
        " concentration, asleep in class, sleeping in class, tired in class, always tired, out of school"
    ),
    "missing_education, school_embedded_worker": (
        "keep his place, reengage, learning again, key adult, go to adult, nurture, head of house, year head, behaviour"
        " mentor, behaviour lead, behaviour manager, deputy head, assistant head, slt, senior leadership, lsa, hlta,"
        " exams officer, elsa, safeguarding lead, designated safeguarding, safeguarding officer, ddsl, safeguarding team"
    ),
    # --- trafficking, forced work, money, homes taken over
    "modern_slavery, advocacy_guardian": (
        "national referral, devolved decision making, nrmd, icts, guardianship service, stro, stpo, salvation army,"
        " arrived alone, came alone, bonded, owes smugglers, debt for the journey, controlled by, under the control of,"
        " under someones control, exploited for labour, found in cannabis, cannabis gardener, gardener in a cannabis,"
        " tending plants, tending cannabis, watering plants, growing cannabis, cannabis cultivation, cultivation of"
        " cannabis, cultivating cannabis"
    ),
    "labour_exploitation, modern_slavery": (
        "unpaid, underpaid, takes his wages, wages withheld, wages kept, washing cars, works in a kitchen, works"
        " nights, works every day, long hours, hours and hours, works instead of school, child labour, child worker,"
        " child employment, cannot leave his job, sleeps where he works, sleeps at work, paving, tarmac, driveways,"
        " leafleting, packing factory, gangmaster, glaa, farm work, house servant"
    ),
    "financial_exploitation, cce": (
        "aclick, addy, flipping money, money flipping, lend his account, lent his account, lent someone his card, gave"
        " his card, gave them his card, gives his card, big deposits, money in and out, money coming in, money going"
        " through, money going in and out, money through, money put into, moved money, cifas, phone contracts, took out"
        " loans, loan shark, payday loan, klarna, buy now pay later, clearpay, cashapp, forex, trading app, pyramid"
        " scheme, fraudster, stolen cards, used his id, takes his money, took all his money, takes his pip, controls his"
        " money, uses him for money, uses her for money, tapping him for money, asks him for money, asks her for money"
    ),
    "financial_exploitation, online_safety_support": "betting, gambler, casino, slots, bookies, fifa packs, fake job",
    "cuckooing, first home": (
        "cuckooer, home invaded, home taken, flat taken, moved themselves in, wont go home, dealers in the flat,"
        " dealing from his flat, using his home, flat is being used, flat being used, used the flat, people in his flat,"
        " strangers at the flat, strangers in his flat, people in and out, in and out all night, people let themselves"
        " in, cant get them out, cannot get them out, get them out of, wont leave the flat, takeover, lets people in,"
        " someone staying, who to let in, change locks, new locks, closure notice"
    ),
    # --- harm by other children, harmful sexual behaviour, relationships
    "child_on_child, school_embedded_worker": (
        "take the mick, mocked, taunted, tormented, rumours, gossiping, excluded by friends, excluded from the group,"
        " nobody talks to him, nobody talks to her, nobody will sit with, eats alone, eats lunch alone, alone at lunch,"
        " hasnt got any friends, hasnt any friends, has no friends, got no friends, friends dropped him, friends dropped"
        " her, threatened by other, threatened by a boy, threatened by a girl, threatened by another, hurt by other,"
        " hurt by another, hurt another child, hurts others, attacked another child, assaulted by another, attacked by"
        " another, in fights, gets into fights, always fighting, lunch money, dinner money, dared to, peer violence,"
        " child on child abuse, abused by another child, abused by peers, hazing, banter, mean girls, girls being mean,"
        " problems with friends, problems with peers, peer problems, peer relationships, peer issues"
    ),
    "hsb, practice_consultation, school_embedded_worker": (
        "aim3, brook tool, inappropriate sexual, sexually inappropriate, sexual language, sexual jokes, sexual remarks,"
        " sexual gestures, sexual bullying, sexist comments, groped, grabbed her, grabs girls, masturbating, exposed"
        " himself at, pulled her skirt, lifted her skirt, skirt pulled, pulling trousers down, sexually assaulted a,"
        " accused of rape, accused of sexual, allegation of rape, rape allegation, sexual allegation, alleged rape,"
        " everyones invited, both on roll, same class as, sibling sexual abuse, abused his sister"
    ),
    "relationship_abuse, therapeutic_support, girls_group": (
        "violent partner, ipv, toxic, what to wear, who she can talk to, wont let her see, wont let her go out,"
        " isolates her, isolating from, checks his phone, checks her messages, goes through her phone, always asking"
        " where she is, snap maps, snapmap, life360, find my iphone, airtag, if she leaves, cant leave him, cannot leave"
        " him, keeps going back, goes back to him, went back to him, keeps taking him back, scared of him, scared of her"
        " ex, stalker, dash, ddvp, dapo, dvpn, dvpo, idva, ypva, marac, choked her, choked by, strangled her, strangled"
        " by, shoves her, punched her, shouts at her, screams at her, calls her a, puts her down, humiliates her,"
        " cheated on, obsessed with him, obsessed with her, besotted, infatuated, in love, thinks she loves him, thinks"
        " its love, thinks he loves her, says she loves him, so called honour, shame on the family, family honour, made"
        " to marry, married off, promised in marriage, taking her abroad, fmpo, fgmpo, breast ironing, what is a healthy"
    ),
    # --- online
    "online_image_abuse, online_safety_support": (
        "noods, noodz, exposed on, bait out, sent videos, sending videos, made to send, tricked into sending, sent to"
        " everyone, sent it to everyone, sent it on, sent it round, sent to the whole, sent around, forwarded, video"
        " going around, going around school, everyone has seen, everybody has seen, everyone seen it, whole school has"
        " seen, get it down, deleted, take it down, stopncii, hash tool, ceop, iwf, non consensual, without consent,"
        " filming her, recorded her, recorded him, spycam, downblousing, cyberflashing, cyber flashing, unsolicited,"
        " camming, on camera, deep fake, photoshopped, nudify, money or he will, money or they will, threatening to"
        " send, threatening to expose, threatening to tell, held over her, held over him, demanding money, csam, iioc,"
        " youth produced, self generated"
    ),
    "online_grooming, online_safety_support, cse": (
        "meeting up with someone, meeting someone from, going to meet, went to meet, gone to meet, talking to men,"
        " talking to an older, chatting to men, messaging men, messaging older, someone he met, someone she met, person"
        " she met, person he met, pretending to be, predator, paedophile, paedo, pedo, nonce, pervert, creeps, creepy,"
        " weirdo, dodgy people, sexual chat, sexual conversation, sexual communication, explicit chat, explicit content,"
        " wants to run away to, cam girl, fansly, sugaring, grindr, tinder, chatroulette, emerald chat, snapscore,"
        " whatsapp group, insta, ig, finsta, private story, bereal, tumblr, pinterest, reddit, vrchat, vr headset,"
        " oculus, gorilla tag, ps5, psn, voice chat, party chat, chat function, chatbot, ai girlfriend, ai companion, ai"
        " friend, chatgpt"
    ),
    "online_safety_support, parents_carers": (
        "found on phone, found chats, found porn, seen his phone, look through his phone, looked in her phone, going"
        " through her phone, went through his phone, took her phone, take away his phone, confiscate phone, phone rules,"
        " phone ban, phone limits, phone contract for, monitoring phone, screen limits, never off his computer, gaming"
        " all night, up all night on, addicted to his phone, phone addiction, ipad, laptop, smartphone, horrible"
        " comments, mean comments, cyber bullying, pile on, cyberstalking, cyber stalking, impersonated, hacker, ddos,"
        " swatting, cyber crime, cybercrime, cyber choices, darkweb, doxx"
    ),
    "online_harmful_groups, online_safety_support": (
        "pro anorexia, thinspo, self harm content, self harm groups, self harm videos, suicide content, 764, sadistic,"
        " cut for me, cutting on camera, told to cut, told to hurt, told to harm, made to cut, made to harm, made to"
        " self harm, dangerous challenge, blackout challenge, choking challenge, beheadings, watching violent, violent"
        " content, violent material, disturbing content, disturbing videos, disturbing material, upsetting content,"
        " harmful content, animal cruelty, cruel to animals, hurting animals, kills animals, torture videos, 4chan,"
        " 8chan, kiwi farms, algorithm, rabbit hole"
    ),
    "radicalisation, online_harmful_groups, practice_consultation": (
        "inceldom, involuntary celibate, blackpill, black pill, redpilled, looksmaxxing, mewing, sigma, pickup artist,"
        " mgtow, mens rights, mra, hatred of women, hatred of girls, disrespects women, disrespectful to women,"
        " disrespectful to girls, disrespectful to female, disrespects female, views on women, views about women,"
        " attitude to women, attitude to girls, attitudes towards women, prevent officer, prevent concern, ct police,"
        " muu, ideology, right wing, erwt, neonazi, nazism, hitler, swastika, white power, white nationalist, white"
        " pride, accelerationism, accelerationist, edl, britain first, holocaust denial, holocaust denier, jihad,"
        " jihadi, jihadist, daesh, al qaeda, al shabaab, caliphate, syria, martyrdom, martyr, infidel, kuffar, kafir, 3d"
        " printed gun, school shooter, columbine, school attack, attack on the school, planning an attack, fascination"
        " with violence, fixation, obsessed with violence, obsessed with weapons, obsessed with knives, obsessed with"
        " killing, obsessed with guns, qanon, antivax, brainwashed, indoctrinated, racist views, racist ideas, racist"
        " memes, racist content, racist jokes"
    ),
    "hate_based_harm, therapeutic_support": (
        "microaggressions, anti blackness, anti asian, anti gypsy, anti traveller, anti roma, anti semitic abuse,"
        " called a terrorist, called gypsy, paki, monkey noises, monkey chants, go back home, told to go home, pulled"
        " her hijab, hijab pulled, pulled off her hijab, headscarf pulled, spat on, spitting at, hate graffiti, hate"
        " group, disability hate, disablist, mocked for being autistic, bullied for being autistic, bullied for being"
        " gay, bullied for being trans, bullied for his religion, bullied for wearing, targeted for being, attacked for"
        " being, attacked because of his, attacked because he is, attacked because she is, because of his skin, because"
        " of his religion, because he is black, because hes black, because she is black, because he is gay, because she"
        " is gay, because he is trans, because she is trans, because he is foreign, treated unfairly, stereotyped,"
        " adultified, adultification, seen as older, treated like an adult, stop searched, always stopped by police,"
        " always stopped and searched, keeps being stopped, keeps getting stopped, strip search, disproportionate,"
        " overpoliced, over policed, fit in, proud of who"
    ),
    # --- drugs and drink
    "substance_misuse_youth, substance_related": (
        "zoots, bifta, cali, stardawg, ammi, pollen, hashish, ganja, marijuana, dope, loud pack, bong, grinder, rizla,"
        " skins up, roaches, k2, black mamba, vaper, elfbar, pouches, cigarettes, fags, tobacco, smoker, glazed, spaced"
        " out, zonked, munchies, paranoid, paranoia, sniff, sniffing, snort, bugle, coke, nose candy, freebase, whizz,"
        " amphetamine, meth, mephedrone, meow meow, mcat, monkey dust, md, lsd, mushrooms, shrooms, magic truffles, dmt,"
        " 2cb, tusi, tuci, k hole, horse tranquiliser, ghb, roofies, rohypnol, poppers, amyl, nangs, whippits, nox,"
        " canisters, cream chargers, huffing, glue, aerosols, deodorant, butane, xans, xanny, diazepam, zopiclone,"
        " zopis, tramadol, trammies, gabapentin, gabbies, pregabs, oxycodone, oxy, fentanyl, nitazenes, opioids,"
        " opiates, subutex, methadone, painkillers, pain killers, sleeping tablets, cough syrup, dirty sprite, anabolic,"
        " juicing, lager, beer, cider, rum, whisky, alcopops, wkd, cans of, drunken, blackouts, blacked out, binge, stop"
        " using, relapse, cravings, sober, sobriety, abstinence, naloxone, experimenting with, dabbling, recreational,"
        " pulling a whitey, bad trip"
    ),
    "pre_court_diversion, deferred_charge_programme, substance_misuse_youth": "found with wraps",
    # --- robbery, theft, driving and riding
    "robbery_theft_exploitation, practical_skills": (
        "phone snatcher, nicks phones, nicking cars, nicking from shops, does licks, retail crime, car crime, vehicle"
        " crime, keyless, twocking, twocer, taking without consent, drives without a licence, no licence, crashed a car,"
        " police chase, pursuit, chased by police, dangerous driving, driving offences, ped, motocross, surron, talaria,"
        " escooters, ebike, voi, riding without a helmet, no helmet, riding dangerously, reckless riding, bikelife,"
        " deliveroo, just eat, uber eats, courier, loves cars, into cars, car mad, mad about cars, loves bikes, loves"
        " motorbikes, mad about bikes, mad about motorbikes"
    ),
    # --- public places and those who work near them
    "asb_exploited, detached_youth_work, targeted_youth_1to1": (
        "asbo, antisocial, acceptable behaviour contract, aba, cpn, cpw, cbo, injunction, pspo, dispersal, banned from"
        " town, banned from shops, banned from the bus, banned from buses, banned from the library, exclusion zone,"
        " smashing up, smashing things, broken windows, throwing things, throwing bricks, throwing rocks, threw stones,"
        " threw a brick, bricks at buses, stones at buses, stones at cars, egging, damaging property, damaged cars,"
        " damage to cars, damage to property, property damage, wrecking, trashed, tagging walls, spraying, trespass, on"
        " roofs, climbs on buildings, urban exploring, urbex, knock and run, knock down ginger, knocking on doors,"
        " banging on doors, abusing residents, abusing staff, abusing shop staff, abusive to staff, abusive to"
        " residents, swearing at residents, swearing at people, swearing at staff, shouting abuse, noisy kids, running"
        " riot, terrorising, upsetting residents, upsetting neighbours, neighbours complain, neighbours are complaining,"
        " neighbour complaints, residents complaining, residents are complaining, complaint from residents, complaints"
        " from neighbours, complained about, kids in stairwells, kids running around, groups outside, groups of young"
        " people, crowd of kids, dealing outside, dealing in the stairwell, drug dealing outside, smoking in the"
        " stairwell, smoking weed outside, weed smoking in, drinking on the field"
    ),
    "detached_youth_work, street_park_detached, late_night_outreach": (
        "tram stop, roundabout, subway, flyover, canal, towpath, riverside, waterfront, docks, quayside, the square,"
        " precinct, row of shops, by the shops, around the shops, outside tesco, chippy, maccies, mcds, dessert shop,"
        " shisha, carparks, ginnel, snicket, cut through, bin store, lift lobby, courtyard, high rise, wasteland,"
        " reservoir, rec, playpark, bandstand, muga, ball court, football cage, the cage, skate ramps, cemetery,"
        " graveyard, churchyard, fairground, funfair, carnival, halloween, go out to them, go to them, go out and meet"
        " them, meet them where they are, mobile youth centre, mobile youth club"
    ),
    "bystander_guardianship_training, training": (
        "our drivers, coach driver, coach company, train driver, conductor, revenue officer, rail company, bus"
        " operator, train operator, airport, private hire, bolt driver, delivery company, parcel drivers, postman,"
        " posties, milkman, bin men, binmen, gritters, park rangers, groundskeeper, concierge, b and b, b and bs, bnb,"
        " holiday let, holiday rental, caravan park, campsites, store detective, barista, hairdressers training,"
        " salon, tattooist, tattoo studio, bookmakers, pawnbroker, service station, motorway services, car hire, estate"
        " agent, neighbourhood housing officer, tenancy officer, repairs team, repair men, plumbers, landlady, bar"
        " owner, bars and clubs, night club, night economy, stewards, sia, bowling alley, trampoline park, leisure"
        " centre, lifeguards, librarian, stallholders, pharmacist, pharmacy, chemist, dentist, dental, optician, vets,"
        " bank tellers, post office, serving under age, challenge 25, employers training, cctv operators, street"
        " marshals, neighbourhood watch, street watch, community guardians, guardians in the community, what to look out"
        " for, look out for young people, notice a child, noticed a girl, noticed a boy, keep seeing a girl, keep seeing"
        " a boy, buying for older, buys sweets for, young girl with, girls with men, girls in taxis, boys in taxis,"
        " passengers, on the bus alone, alone on the bus, alone on the train, out alone at night, child alone, child out"
        " late"
    ),
    "place_improvement, mapping_support, detached_youth_work": (
        "dark at night, too dark, broken lamp, streetlight, lamp post, lamppost, cut the bushes, blind spot, nowhere to"
        " sit, more bins, flytipping, broken glass, drug paraphernalia, cctv camera, more cctv, need cctv, cctv in the,"
        " secure doors, intercom, broken door, communal door, boarded up, redesign, designing out, planners, town"
        " planning, urban design, urban planning, playground improvements, improve the area, improve a place, make the"
        " area safer, making places safer, unsafe place, unsafe at night, unsafe on the bus, dangerous area, dangerous"
        " place, bad area, problem area, problem location, safer communities, pcso, beat officer, beat surgery, pact"
        " meeting, tenants association, tra, local mp, mayor, our area"
    ),
    # --- police, courts and what comes in their place
    "deferred_charge_programme, pre_court_diversion": (
        "jail, banged up in, in custody for, on licence, licence conditions, recalled to, secure unit, secure school,"
        " secure estate, stc, dto, yro, iss, intensive supervision, reparation, community order, community payback,"
        " plea, pleaded guilty, found guilty, guilty verdict, not guilty, psr, jury, prosecutor, barrister, criminal"
        " solicitor, petty crime, under investigation, being investigated, police investigation, youth detention"
        " accommodation, yda, electronic monitoring, on curfew, curfew order, doorstep curfew, breach, warrant, wanted"
        " by police, nfad, discontinued, outcome 21, youth conditional, reprimand, community remedy, street resolution,"
        " joint decision panel, divert, diversionary, checkpoint, chance to change, give him a chance, give her a"
        " chance, give them a chance, another chance, one last chance, clean slate, wipe the slate, desist, yjb, asset"
        " plus, assetplus, npd, prolific, indeterminate, parole, antecedents, pnc, record with the police, has a record,"
        " got a record, no record, conspiracy to supply, joint enterprise murder, having a record"
    ),
    "police_custody_or_station, hospital_rapid_response, advocacy_guardian": (
        "held overnight, kept in overnight, detained, being interviewed by police, police interview, voluntary"
        " interview, voluntary attendance, va interview, under caution, pace bail, aa for, aa service, police"
        " protection, section 46, s46, door put through, door through, police at our door, police have been, police"
        " searched, searched the house, search of the house, police seized, police took his phone, police have his"
        " phone, stopped by police, searched by police"
    ),
    "specialist_keyworking, specialist_exploitation_1to1, conflict_resolution, hospital_rapid_response": (
        "threat to life warning, threat to life notice, life at risk, life in danger, life is at risk, risk to life,"
        " risk of death, someone wants to kill him, contract on his, rehouse, relocate, move away, move the family,"
        " witness intimidation, give evidence"
    ),
    "reporting_line": (
        "without police, without going to the police, without going to court, dont want police, doesnt want police,"
        " scared of police, tell on his friends, inform police, dobbed, tout, scared to tell, scared to say, scared to"
        " speak, wont speak to police, wont talk to police, wont name, wont give names, wont give a statement, statement"
        " to police, make a statement, saw it happen, seen it happen, saw a stabbing, saw a knife, saw a fight, seen"
        " with a knife, knows about a knife, knows where the knife, who stabbed, who is dealing, whos dealing, whos got"
        " a knife, friend has a knife, friend is dealing, friend with a knife, mate has a knife, someone with a knife,"
        " somebody with a knife, someone has a knife, somebody has a knife, house dealing drugs, neighbour dealing, pass"
        " information, tell somebody without, tell someone without, say what i know, say what he knows, spoke out, crime"
        " stoppers, fearless, dont call the police"
    ),
    # --- social care, meetings and plans; what a professional asks for
    "practice_consultation, mapping_support, specialist_keyworking": (
        "premace, ce meeting, ce screening, ce panel, ce team, ce lead, rohp, roth pathway, roth plan, efrh, strat"
        " meeting, strat discussion, complex safeguarding, s47, s17, child and family assessment, cin, child in need"
        " plan, child in need meeting, cp plan, cpp, on a plan, icpc, rcpc, tac, team around, tas, taf meeting, family"
        " group conferencing, fgc, legal planning, plo, ico, s20, deprivation of liberty, dols, wardship, case closure,"
        " mash, edt, lado, allegation against staff, lscb, scp, safeguarding partnership, safeguarding board,"
        " safeguarding partners, lcspr, serious case review, scr, practice review, learning review, safeguarding"
        " concern, safeguarding referral, chronology, genogram, ecomap, vulnerable teenager, risk assessment, risk plan,"
        " risk escalating, risk has escalated, risk has increased, risk is increasing, risk increased, risk is rising,"
        " risks are rising, disruption plan, disruption tactics, disrupt the, sipf, intelligence form, intel form,"
        " intelligence sharing, intel sharing, share intel, gdpr, capacity assessment, mental capacity, capacity act,"
        " gillick, consent to share, ce risk, ce concerns, ce worker"
    ),
    "practice_consultation, case_formulation": (
        "talk to a specialist, speak to a specialist, ask a specialist, someone who knows about exploitation, discuss a"
        " case, discuss a young person, discuss a child, discuss concerns, bounce ideas, run it past, run it by, run"
        " something past, run something by, think aloud, think about a case, think together, thinking time, another"
        " view, unstick, brick wall, at a loss, how to talk to, how to talk about, how to work with, how to engage,"
        " raise concerns, niggling, bad feeling about, got a bad feeling, something off, something not right, something"
        " going on, dont feel right, doesnt feel right, does not feel right, doesnt add up, does not add up, cant put my"
        " finger on, emerging concerns, no evidence, no disclosure, wont disclose, hasnt disclosed, not disclosed, no"
        " hard evidence, suspicions, we suspect, i suspect, suspected cse, suspected cce, suspected exploitation,"
        " possible exploitation, possible cse, possible cce, might be exploited, may be exploited, could be exploited,"
        " is he being exploited, is she being exploited, is this grooming, is it grooming, is it exploitation, is this"
        " cse, is this abuse, is this normal, is it normal, normal teenage, teenage rebellion, rebelling, rebellious,"
        " acting out, acting up, different person, keeping secrets"
    ),
    "mapping_support, practice_consultation": (
        "friend group, who he hangs around with, who she hangs around with, who they hang around with, who his friends"
        " are, who is connected, who is friends with, whos connected, whos linked, whos friends with, connections"
        " between, connected to each other, connected young people, linked young people, linked to each other, linked to"
        " the same, know each other, all linked, all connected, same lads, same girls, same boys, same group, same"
        " house, same place keeps, same park, same adults, four boys, three boys, ten boys, several boys, several girls,"
        " several pupils, several students, number of pupils, number of young people, three girls, four girls, group of"
        " pupils, group of students, group of young girls, group of young boys, group of friends, whole group, joined"
        " up, agencies together, bring professionals together, convene, interagency, network of professionals, network"
        " around, professional network, too many professionals, too many workers, lots of professionals, lots of"
        " workers, whos doing what, who is doing what, contextual safeguarding meeting, triangle, school assessment,"
        " location meeting, places he goes, places she goes, places they go, places that are unsafe, where harm happens"
    ),
    "training": (
        "find out about exploitation, what is grooming, what is county lines, what is cse, what is cce, what is"
        " exploitation, what is cuckooing, what is contextual safeguarding, recognising signs, know the signs, notice"
        " signs, signs and symptoms, signs and indicators, indicators of, what are the signs, what signs, how to"
        " recognise, how to notice, professional training, level 2, level two, level three, safeguarding level,"
        " specialist training, bespoke training, tailored training, whole school training, training budget, training for"
        " our, training for a, training for parents, training for governors, training for housing, training for hotels,"
        " training for charities, training for mentors, training for coaches, training for faith, training about,"
        " training around, training offer, training package, training materials, training slides, training needs, any"
        " training, want training, need training, looking for training, one hour training, two hour training, modules,"
        " session for professionals, session for coaches, session for teachers, session for governors, session for our,"
        " come and talk to, train us, train coaches, train our mentors, train teachers, train governors, train"
        " colleagues, train youth workers, train nurses, train police, train parents, get trained, what works, trauma"
        " training, trauma informed, cultural competence, unconscious bias, victim blaming, how we write, how to write"
        " about, reports writing, writing reports, language in reports, adultification training, nrm training, knife"
        " crime training, cse training, cce training, detached training, leap, mediation training, new job as, trainee"
        " social worker, apprentice social worker, student placement, on placement as, social work student, pgce, nqt,"
        " trainee teacher, student nurse, new dsl, new to dsl, new mentor, new volunteer, volunteer training, new foster"
        " carer, new governor"
    ),
    # --- mind and body
    "therapeutic_support": (
        "crisis team, crisis line, crisis service, mhst, emhp, iapt, psychological support, therapeutic, cptsd,"
        " survivor of, get over it, cant get over, cannot get over, move on from, never got over, never dealt with,"
        " never talked about it, never told anyone, never told anybody, told nobody, told no one, hasnt spoken about,"
        " reliving, replaying, intrusive thoughts, intrusive memories, bad memories, triggered, panicking, panicky,"
        " hyperventilates, shaking, trembling, startled, jumps at, loud bangs, loud noises, nervous, nerves, worrier,"
        " overthinks, ruminating, obsessive thoughts, compulsions, useless, ashamed of himself, ashamed of herself,"
        " shame, guilt, blames himself, blames herself, body dysmorphia, anorexia, anorexic, bulimia, bulimic, arfid,"
        " binge eating, making herself sick, stopped eating, wont eat, hardly eats, lost weight, losing weight, mood"
        " swings, moody, unhappy, miserable, misery, sobbing, broken hearted, heartbroken, devastated, despair, no"
        " future, doesnt see a future, cant see a future, given up, nothing to lose, doesnt want to be here, does not"
        " want to be here, ligature, took tablets, self injury, self injuring, harms himself, harms herself, hurts"
        " himself, hurts herself, scratching herself, punches walls, punches himself, risky behaviour, reckless,"
        " psychotic, eip, schizophrenia, bipolar, mania, delusions, eupd, bpd, s136, psychiatric, inpatient,"
        " antidepressants, sertraline, melatonin, insomnia, insomniac, up all night, nocturnal, bedwetting, soiling,"
        " screams at night, screaming in the night, fatigue, headaches, stomach aches, tummy aches, stomach pains,"
        " chronic pain, diabetes, epilepsy, epileptic, asthma, asthmatic, eczema, sickle cell, brain injury, abi"
    ),
    "therapeutic_support, serious_youth_violence": (
        "friend was run over, lost his brother, lost his mum, lost his dad, lost his mother, lost his father, lost his"
        " cousin, lost his best friend, lost a son, lost a child, lost someone, lost somebody, losing a friend,"
        " homicide, manslaughter, fatal, postvention, saw his friend, saw someone die, watched his friend, held his"
        " friend, tried to save him, eyewitness, bystander to, since he was robbed, since she was robbed, after being"
        " robbed, after losing"
    ),
    "therapeutic_support, without talking, arts_music_based": (
        "doesnt like talking, doesnt do talking, not a talker, wont speak, barely speaks, hardly speaks, hardly talks,"
        " one word answers, grunts, shrugs, monosyllabic, clams up, shuts me out, shuts us out, shuts people out, wont"
        " let anyone in, wont let anybody in, walls up, put up walls, mistrust, distrust, let down, sick of telling,"
        " tired of telling, no words, without words, not in words, lost for words, somatic, ecotherapy, sand tray,"
        " psychodynamic, nvr, non violent resistance, theraplay, mentalisation, mbt, sensorimotor"
    ),
    "therapeutic_support, sport_based": (
        "self soothe, calms him, calms down, calm himself, hothead, loses it, lost it, loses control, lost control,"
        " flies off, blows up, blew up, erupts, explodes, flips out, punches things, punches doors, threw a chair, slams"
        " doors, shouts at teachers, confrontational, irritable, wound up, winds up, frustrated, pent up, violence at"
        " home, violence towards"
    ),
    # --- parents, carers, whole families
    "parents_carers, parent_1to1, parent_group": (
        "in the same boat, going through the same, coffee morning, support for me, help for me, divorced, custody"
        " battle, nanny, nana, nannan, grandmum, granddad, grandpa, godparent, stepfather, stepmother, my teen, losing"
        " my son, losing my daughter, losing him, losing her, dont recognise him, dont recognise her, dont recognise my"
        " son, dont recognise my daughter, dont know him anymore, dont know her anymore, cant control him, cant control"
        " her, cannot control him, cannot control her, cant control my, cant keep him safe, cant keep her safe, cannot"
        " keep him safe, cannot keep her safe, cant keep them safe, cant stop him, cant stop her, cannot stop him,"
        " cannot stop her, wont talk to me, wont talk to us, doesnt talk to me, doesnt talk to us, stopped talking to"
        " me, stopped talking to us, stopped speaking to, talk to my son, talk to my daughter, talk to my child, talking"
        " to my teenager, how to talk to my, argues with me, fights with me, screams at me, shouts at me, swears at me,"
        " rude to me, disrespects me, disrespectful to me, scared of my son, scared of my daughter, scared of him"
        " coming, scared of my child, frightened of my son, eggshells, lying awake, worry at night, worry every night,"
        " worrying all night, worried sick, sick with worry, worried about my son, worried about my daughter, worried"
        " about my child, worried about my boy, worried about my girl, worried about my teenager, not sleeping with"
        " worry, at my wits, at the end of, end of our tether, cant do it anymore, cant do this anymore, cant take any"
        " more, cant take it anymore, cant go on, cannot go on, burnout, all alone, feel alone, so alone, social"
        " isolation, nobody to talk to, no one to talk to, not believed, nobody believes, no one believes me, fobbed"
        " off, feel guilty, feel like a bad, embarrassed, stigma, worried what people, neighbours talk, cant work"
        " because, time off work, respite, time for me, incredible years, rules at home, house rules, discipline,"
        " consequences at home, behaviour at home, challenging at home"
    ),
    "parent_1to1, sibling_family_mentoring, parents_carers": (
        "violence against me, violent towards me, violent with me, violent son, violent daughter, adolescent violence,"
        " filial violence, wrecks the house, destroys the house, holes in the walls, kicked him out, kicked her out,"
        " threw him out, threw her out, cant have him home, cant have her home, dont want him home, relationship"
        " breakdown, repair relationship, relationship with my son, relationship with my daughter, get on better, get on"
        " at home, doesnt get on with, does not get on, rows at home, rows every night, shouting at home, atmosphere at"
        " home, tension at home, problems at home, things at home, chaotic, chaos, home situation, bad at home, unhappy"
        " at home, home is not safe, home isnt safe, not safe at home, unsafe at home"
    ),
    "sibling_family_mentoring, siblings_family, parents_carers": (
        "big brother is, big brother was, big brother in, younger kids, younger ones, other children at home, other"
        " children in the home, rest of the children, stepbrother, stepsister, same path, following in, in his"
        " footsteps, worried about younger, worried for the younger, overlooked, forgotten, left out at home, young"
        " carer"
    ),
    # --- care, leaving care, a home
    "care_experienced, specialist_keyworking": (
        "kids home, childrens unit, care home, went into care, going into care, gone into care, came into care, coming"
        " into care, new into care, put into care, placed with, supervising social worker, ifa, iro meeting, pep,"
        " personal education plan, adoptee, placement at risk, placements broken down, lots of placements, many"
        " placements, multiple placements, several placements, three placements, ten placements, moved around a lot,"
        " keeps getting moved, keeps moving, being moved, moved in care, moving to another home, emergency placement,"
        " placed a long way, a long way from home, away from family, away from his friends, moved here from, from"
        " another area, out of area, home authority, placing authority, oola, unregistered, unregulated, 16 plus"
        " accommodation, sixteen plus, semi indy, staying put, moving on from care, moving out of care, left care,"
        " pathway plan, my pa, his pa, her pa, mentor who stays, sticks around, sticks with, constant in his life, one"
        " constant, constant person, changes of worker, lots of social workers, too many social workers, so many social"
        " workers, new social worker every, ten social workers"
    ),
    "first home, housing, flat, care_experienced": (
        "southwark, losing his flat, keep his flat, section 21, arrears, bond scheme, nightstop, night stop, foyer,"
        " hmo, private rental, renting, landlord wants, studio flat, new flat, new home, just got his flat, got a flat,"
        " first own home, first place, furnish, fridge, cooker, sofa, carpets, curtains, paint his flat, decorate his"
        " flat, electric meter, heating, no electric, money advice, debt advice, benefits advice, on benefits,"
        " sanctioned by the jobcentre, pip, dla, esa, jsa, child benefit, dhp, supported housing worker, nowhere to"
        " stay, nowhere to sleep, no home, no where to live, no where to stay, has nowhere to go, on the streets,"
        " crashing with, crashes at, living by himself, living by herself, coping on his own, cope alone, in a hostel,"
        " hostel staff, hostel worker"
    ),
    "over_18, care_experienced": (
        "nearly 18, approaching 18, 18th, drops off at 18, stops at 18, too old, care act, young adulthood, falls"
        " between services"
    ),
    "community_mentoring, mentor, sibling_family_mentoring": (
        "no dad, without a dad, without a father, father absent, absent father, absent dad, dad left, dad has left, dad"
        " walked out, doesnt see his dad, does not see his dad, stopped seeing his dad, needs a male, dad in prison, dad"
        " is in prison, father in prison, father is in prison, mum in prison, mum is in prison, parent in prison,"
        " parental imprisonment"
    ),
    # --- learning, attention, senses, bodies
    "send_specialist, neurodiversity_friendly": (
        "ritalin, focussing, distracted, daydreams, forgets everything, disorganised, executive function, fidgets,"
        " fidgety, always moving, cant keep still, wont sit still, bouncing off the walls, acts before, acts without"
        " thinking, on the pathway, neurodevelopmental, audhd, foetal alcohol, fetal alcohol, downs syndrome, speech"
        " delay, language delay, dld, speech therapist, speech therapy, slcn, stammer, stutter, auditory processing,"
        " processing difficulties, slow to process, takes time to process, takes things literally, takes everything"
        " literally, literal thinker, rigid thinking, needs routine, change of routine, changes to routine, cant cope"
        " with change, transitions between, too loud, too bright, bright lights, loud places, crowded places, overload,"
        " overwhelmed by noise, gets overwhelmed, headphones, dimmed, not too many people, cant do groups, cannot do"
        " groups, groups are too much, doesnt like groups, doesnt do groups, struggles in groups, no groups, struggles"
        " socially, social anxiety, socially anxious, socially awkward, easily influenced, easily manipulated, easily"
        " persuaded, wants to fit in, wants friends, desperate for friends, desperate to fit in, people pleaser,"
        " gullible, immature, young for his age, functioning at, ld, borderline learning, cognitive, special"
        " educational, senco says, sendco, ehc, annual review, specialist school, sunflower lanyard, pictures help,"
        " social story, comic strip conversation, photo of the worker, photo before, see a photo, photos of the place,"
        " doesnt like surprises, does not like surprises, movement breaks, side by side, makaton, aac, minecraft club,"
        " special interest, hyperfocus"
    ),
    "step_free, accessible_toilet": (
        "powerchair, power chair, walking stick, cant do stairs, cannot do stairs, no stairs, without stairs, stairs"
        " are a problem, lift in the building, building with a lift, cerebral palsy, muscular dystrophy, spina bifida,"
        " prosthetic, amputee, amputated, broken ankle, in plaster, physical needs, blind, low vision, guide dog,"
        " braille, catheter, continence, hoist"
    ),
    "bsl, hearing_loop": "deafened, lipreads, cochlear, bsl interpreter, bsl user, uses bsl, subtitles, captions",
    "easy_read, neurodiversity_friendly": (
        "cannot read, doesnt read, does not read, struggles with reading, struggles reading, struggles to write,"
        " struggles with writing, poor reading, poor literacy, low literacy, reading and writing, illiterate, simple"
        " language, plain language, easyread, with pictures"
    ),
    # --- who somebody loves, and who they are
    "lgbtq_plus": (
        "lgb, qtipoc, qpoc, sgm, bi, pan, demisexual, aromantic, ace spectrum, intersex, sapphic, into girls, into"
        " boys, likes both, fancies boys, fancies girls, two mums, two dads, girlfriend and she is, transmasc, transfem,"
        " transmasculine, transfeminine, transsexual, transexual, social transition, binder, hormones, blockers, gids,"
        " dysphoria, exploring identity, born a girl, born a boy, wants to be a boy, wants to be a girl, afab, amab,"
        " misgendered, outed, threatened to out, scared to come out, parents dont accept, family dont accept, family"
        " doesnt accept, family does not accept, dont accept him, dont accept her, disowned, conversion therapy, chemsex"
    ),
    # --- roots, languages and faiths
    "culturally_specific": (
        "mixed parentage, afro, windrush, rasta, rastafarian, patois, jamaica, trinidad, barbados, bajan, ghana,"
        " nigeria, zimbabwe, uganda, ugandan, kenya, kenyan, tanzania, rwandan, rwanda, congo, cameroon, cameroonian,"
        " angola, angolan, ivory coast, ivorian, sierra leone, liberian, gambia, senegal, senegalese, mali, malawi,"
        " zambian, swahili, yoruba, igbo, hausa, twi, shona, ndebele, lingala, luganda, wolof, mandinka, fula,"
        " kinyarwanda, krio, amharic, oromo, indian, gujarati, hindi, tamil, telugu, malayalam, kerala, nepali,"
        " nepalese, vietnamese, vietnam, filipino, filipina, tagalog, malaysian, indonesian, korean, japanese, turkish,"
        " kosovan, kosovo, albanian, albania, bulgarian, bulgaria, hungarian, czech, slovak, slovakian, lithuanian,"
        " latvian, estonian, russian, cypriot, eastern european, east european, same race, same skin, from his culture,"
        " from his community, from the same community, someone like him, someone like her, somebody like him, somebody"
        " like her, someone like me, somebody like me, looks like me, gets racism, knows our culture, too western,"
        " westernised, elders from the community, grassroots, led by and for, led by people who, immigrant family, new"
        " arrival, new communities, born abroad, foreign, displaced, fled"
    ),
    "advocacy_guardian, modern_slavery, care_experienced": (
        "nts, right to remain, undocumented, overstayed, overstayer, passport, citizenship, eu settlement, euss, no"
        " recourse, nrpf, deportation, detention centre, removal centre, age determination, disputed age, said he is an"
        " adult, treated as adult, family reunion"
    ),
    "so, culturally_specific": "somalis, somaliland, hoyo",
    "ar, culturally_specific": (
        "arab, syria family, iraq, yemen, sudan, egypt, morocco, algerian, algeria, tunisian, tunisia, libyan, libya,"
        " lebanese, lebanon, palestinian, palestine, gaza, jordanian, kuwaiti, bidoon, saudi"
    ),
    "ti": "tigrinya speaking, tigrinya speaker, speaks tigrinya, tigrigna",
    "ti, culturally_specific": "tigray, tigrayan, ethiopia, habesha",
    "fa, ku": "farsi speaking, farsi speaker, speaks farsi, hazara, pushto, pashtun, iran, kurds",
    "ur": "urdu speaking, urdu speaker, speaks urdu",
    "pa": "punjabi speaking, punjabi speaker, speaks punjabi, panjabi",
    "ur, pa, culturally_specific": "mirpuri, pahari, potwari, pakistan, kashmiri, kashmir",
    "bn": "bengali speaking, bengali speaker, speaks bengali, bangla, syleti",
    "bn, culturally_specific": "bangladesh",
    "pl": (
        "polish speaking, polish speaker, speaks polish, polish mum, polish dad, polish family, polish boy, polish"
        " girl, polish mentor, polish worker, polish community"
    ),
    "ro": (
        "romanian speaking, romanian speaker, speaks romanian, romanian family, romanian boy, romanian girl,"
        " moldova"
    ),
    "pt, es": (
        "portuguese speaking, portuguese speaker, speaks portuguese, portuguese family, portuguese boy, brazil, goan,"
        " mozambique, timorese, spanish speaking, spanish speaker, speaks spanish, spanish family, colombian, colombia,"
        " ecuadorian, bolivian, venezuelan, peruvian, chilean, mexican, latino, latina"
    ),
    "zh": "chinese speaking, chinese family, chinese boy, chinese girl, chinese student, taiwan, taiwanese, bno",
    "uk": "ukrainians",
    "fr": "french speaking, french speaker, speaks french, francophone",
    "so, ar, ur, pl, ro": (
        "not much english, hardly any english, hardly speaks english, barely speaks english, poor english, limited"
        " english, bad english, broken english, parents dont speak english, cant speak english, cannot speak english,"
        " doesnt speak much english, english isnt, english is not, doesnt read english, learning english, english"
        " lessons, mother tongue"
    ),
    "gypsy, roma, traveller, culturally_specific": (
        "travelling community, showpeople, showman, fairground family, van dweller, bargee, liveaboard, roadside,"
        " unauthorised encampment, transit site, roma boy, roma girl, roma family, roma community, roma young people,"
        " roma mum, european roma, slovak roma, moves around with family, family travels"
    ),
    "faith_venue, prayer_ablution_space, culturally_specific": (
        "masjid, madrasa, madrassa, madrasah, quran, koran, jummah, wudu, ablution, eid, niqab, burka, burqa,"
        " headcover, mixed sex, modesty, mandir, diwali, langar, buddhist, jew, rabbi, torah, catholic, pentecostal,"
        " baptist, methodist, quaker, vicar, priest, chaplain, chaplaincy, bible, worship, spiritual, witchcraft,"
        " possessed by, juju, exorcism"
    ),
    "girls_only, girls_group, gender_specific_staff_on_request": (
        "no boys, without boys, away from boys, not with boys, uncomfortable with men, uncomfortable around men,"
        " uncomfortable around boys, scared of men, wont talk to men, wont speak to men, wont work with men, wont see a"
        " man, doesnt like men, not with a man, not with men, groped in the street, wolf whistled, whistled at, touched"
        " on the bus, rubbed against, periods"
    ),
    "boys_only, boys_group": (
        "man mentor, being a man, man up, manhood, manliness, macho, prefers a man, wants a man, talk to a man, talk to"
        " a bloke"
    ),
    # --- what somebody likes
    "sport_based, boxing": (
        "likes boxing, loves boxing, wants to fight, learn to fight, bjj, ju jitsu, jujitsu, cage fighting, cage"
        " fighter, ufc, kung fu, capoeira, aikido, physical outlet, outlet for anger, take it out on, take out his"
        " anger, get his anger out, blow off steam, too much energy, lots of energy, so much energy, full of energy,"
        " energetic"
    ),
    "sport_based": (
        "loves sport, likes sport, mad about sport, good at sport, mad about football, loves football, likes football,"
        " good at football, dropped by academy, futsal, ball games, shoot hoops, basket ball, rounders, baseball,"
        " softball, handball, lacrosse, golf, squash, bowls, darts, snooker, archery, fencing club, swimmer, diving,"
        " water polo, runner group, jogging, parkrun, park run, sprint, sprinter, hurdles, likes the gym, loves the gym,"
        " powerlifting, bodybuilding, muscles, get fitter, unfit, overweight, obese, circuits, crossfit, hiit,"
        " calisthenics, zumba, cheerleading, street dance, breakdance, ballet, tumbling, free running, freerunning,"
        " stunt scooter, scooter park, bmx club, bmxing, rollerskating, roller disco, rollerblading, roller derby, ski,"
        " snowboarding, join a team, teamwork, team work, team building, competitive, esports"
    ),
    "arts_music_based": (
        "loves music, likes music, good at music, ableton, garageband, sampling, soundsystem, reggae, dancehall, dnb,"
        " afrobeats, amapiano, rnb, r and b, likes rap, loves rap, likes to rap, freestyle, cypher, mc, emcee, beatbox,"
        " loves singing, loves to sing, steel pans, violin, saxophone, trumpet, ukulele, instrument, djing, turntables,"
        " vinyl, loves dancing, loves to dance, likes dancing, choreography, loves acting, loves drama, likes drama,"
        " backstage, costume, comedy, comedian, magician, juggling, puppets, puppetry, storytelling, likes writing,"
        " loves writing, likes to write, loves to write, journalling, diary, blog, blogger, vlog, vlogger, zine,"
        " newsletter, journalist, broadcasting, poetry group, poetry slam, poets, slam poetry, rhyme, likes art, loves"
        " art, good at art, arty, crafty, sculpture, sculpt, ceramics, claymation, stop motion, stopmotion, doodles,"
        " sketchbook, likes drawing, loves drawing, likes to draw, loves to draw, illustration, t shirt printing, tshirt"
        " printing, screen printing, screenprinting, print making, printmaking, spraycan, mosaic, collage, jewellery"
        " making, knitting, crochet, embroidery, textiles, tattoo, henna, photographer, takes photos, photo project,"
        " makes videos, likes film, loves film, screenwriting, screenplay, scriptwriting, cinematography, animation"
        " course, animation workshop, 3d animation, vfx, making games, coding games"
    ),
    "practical_skills": (
        "not academic, isnt academic, non academic, not a classroom, good with his hands, likes using his hands, likes"
        " making, likes making things, loves making things, likes building, loves building, lego, warhammer, likes"
        " fixing, loves fixing, likes fixing things, tinkers, gadgets, soldering, robotics, raspberry pi, arduino, 3d"
        " printing, laser cutter, makerspace, hackspace, fablab, workshop space, workbench, welding, welder, blacksmith,"
        " forge, metal work, furniture making, make furniture, restoring furniture, upholstery, leatherwork, leather"
        " work, bricks and mortar, brick laying, plastering, tiling, painting and decorating, handyman, odd jobs,"
        " growing food, vegetables, likes cooking, loves cooking, likes to cook, loves to cook, cake decorating, likes"
        " baking, loves baking, baker, bakery, food project, food hygiene, bikeability, karting, gokart, motor project,"
        " motor vehicle project, takes phones apart, takes everything apart, takes it apart, takes them apart"
    ),
    "outdoor_adventure, outdoors": (
        "outdoorsy, likes being outside, likes being outdoors, likes the outdoors, loves the outdoors, loves being"
        " outside, loves being outdoors, weekend away, tent, bush craft, fire lighting, light a fire, cooking on a fire,"
        " treetop, high ropes, ropes course, zipwire, bouldering, climber, hillwalking, trek, expedition, walk in the"
        " park, geocaching, coasteering, row boat, paddleboarding, bodyboarding, water sports, watersports, fisherman,"
        " loves fishing, likes fishing, seaside, farmer, tractor, pigs, sheep, cows, donkeys, horseriding, loves horses,"
        " likes horses, equine, equestrian, stables, mucking out, loves animals, likes animals, good with animals, loves"
        " dogs, likes dogs, dog, pets, reptiles, snakes and lizards, birdwatching, bird watching, falconry, birds of"
        " prey, zoo, conservation, climate change, beekeeping, foraging"
    ),
    "open_access_youth_club, popup_youth_club, sport_based": (
        "hang out with friends, hang out with mates, meet new people, meet new friends, make new friends, better"
        " friends, something constructive, somewhere for young people, somewhere for him to go, somewhere for her to go,"
        " somewhere for them to go, somewhere for kids to go, somewhere for teenagers, somewhere he can go, somewhere"
        " she can go, somewhere they can go, somewhere to be, somewhere to sit, somewhere indoors, somewhere free, place"
        " for young people, place for teenagers, place for teens, place for kids, place to meet, place to be, place to"
        " sit, things for young people, things for teenagers, things for teens, stuff to do, stuff for teenagers, stuff"
        " for young people, nothing for young people, nothing for teenagers, nothing for kids, nothing going on, nowhere"
        " for young people, nowhere for them to go, nowhere for kids, nowhere for teenagers, out all day, out of the"
        " house, off his phone, off screens, off the xbox, off the playstation, off the computer, off the internet, away"
        " from screens, off the corner, off the estate, away from the estate, away from the streets, keep busy, spare"
        " time, free time, hobby, new interests, find an interest, youth night, youth project, youth offer, youth work,"
        " scouts, brownies, cadets, boys brigade, ncs, holiday scheme, holiday provision, summer project, summer scheme,"
        " playscheme, gaming group, gamers, dungeons and dragons, d and d, pokemon, film night, pizza night, quiz,"
        " bingo, karaoke"
    ),
    # --- work and learning a trade
    "employment_training": (
        "functional skills, resit, exam, revision, predicted grades, street league, skills course, new skills, learn"
        " skills, learn something, building work, scaffolder, roofer, tiler, carpenter, chippy work, carpentry course,"
        " electrics, heating engineer, groundworks, digger, forklift, hgv, kitchen work, waiter, waitress, cafe work,"
        " barista course, hospitality work, beauty course, beautician, childcare course, nursing course, join the army,"
        " marines, raf, police cadet, fire service, firefighter, uniformed services, sports coaching course, coaching"
        " badges, music industry, it course, it skills, computer skills, computer course, programming, cyber security,"
        " digital skills, digital course, sales assistant, motor vehicle course, gardening work, landscaping, work at"
        " heights, food hygiene certificate, sia licence, driving lessons, learn to drive, full licence, ucas, dropped"
        " out of school, back into education, back into learning, into work, in work, sacked, fired from, unemployment,"
        " not working, no work, wont hire, nobody will hire, conviction and work, disclose conviction, work club, work"
        " coach, what to do after school, what to do after college, plans after school, ambition, wants to work, wants"
        " work, work skills, workplace skills, work mentor, shadowing, work trial, first shift, shift work, paid trial,"
        " paid saturday, saturday work, weekend work, evening work, full time work, payday, p45, p60, set up a business,"
        " business start up, business mentor, enterprise, entrepreneurship, startup, market stall, freelance, voluntary"
        " work, giving back, give something back, help with applications, help applying, jobseeker, looking for work,"
        " need work, needs to work, skilled work, working with computers, post 16, post16, leaving year 11, finished"
        " school, dropped out and"
    ),
    # --- how help comes: how soon, how long, where, when, at what cost, in what company
    "hospital_rapid_response, weapons_drugs_rapid_response, late_night_outreach": (
        "in an hour, within hours, in the next hour, within a day, within 24 hours, in 24 hours, help now, in the next"
        " day, soon as possible, quickest, in danger, real danger, come out to hospital, come to the station, somebody"
        " to come out, someone to come out, come now, places now, space now, free now, no wait, without waiting,"
        " teachable moment, critical moment, golden hour"
    ),
    "24_7, late_night, phone": (
        "who to call, who to ring, who do i ring, who do i call, who can i ring, who can i call, who can we call,"
        " someone to ring, somebody to ring, someone to call, somebody to call, any hour, 24hr, 24hrs, 3 in the morning,"
        " 2 in the morning, 4 in the morning, 5 in the morning, three in the morning, two in the morning, four in the"
        " morning, one in the morning, 5am, 11pm, 10pm, 12am, after ten, past ten"
    ),
    "weekday_evening": (
        "after tea, after dinner, after 5, after 5pm, after 6, 6pm, 7pm, 8pm, tuesday night, wednesday night, thursday"
        " night, midweek, when i finish work, parents who work, work full time, we both work"
    ),
    "weekday_after_school": (
        "school finishes, between school and home, after lessons, late afternoon, 3pm, 4pm, 5pm, 4 oclock, 3 oclock,"
        " before i get home, before we get home, before mum gets home, until we get home, until mum gets home, till we"
        " get home, latchkey"
    ),
    "weekday_day": (
        "in the day, day time, during school, during lessons, in school time, in school hours, school time, termtime,"
        " lunch times, at lunch, office hours, midday, before lunch"
    ),
    "saturday": "on saturdays, saturday morning, saturday afternoon, saturday club, saturday group",
    "sunday": "on sundays, sunday afternoon, sunday morning, sunday club",
    "holidays": "out of term",
    "comes to you, vehicle_mobile, home_visit": (
        "comes to him, comes to her, come to my house, come to my home, at my house, cuppa, in a van, mobile unit,"
        " mobile van, cant use buses, cant get the bus, cannot get the bus, wont get the bus, wont go on the bus, wont"
        " use the bus, wont use buses, cant go on the bus, no bus, no buses, bus doesnt, buses stop, two buses, three"
        " buses, last bus home, out in the sticks, transport problem, transport is a problem, transport issues, with"
        " transport, needs transport, without transport, no transport, transport for, money for the bus, bus money, free"
        " bus, cant afford bus, no one to take him, nobody to take him, someone to take him, somebody to take him,"
        " someone to take her, somebody to take her, fetch, pick them up, drops him off, drops him home, dropped back,"
        " takes him home, takes her home, walk him home, home safely, safe way home, safe journey, getting home, there"
        " and back, ride home, escort, accompanied, chaperone, go with him, goes with him, go with her, goes with her,"
        " comes along, comes with him, come with her, take him there, first time with him"
    ),
    "bus_within_400_m": "near a bus, near bus stop, near the station, walkable, near home",
    "parking": (
        "park my car, free parking, parking space, by car with, drive and park, somewhere to park, place to park, can i"
        " park"
    ),
    "discreet_entrance, confidential_base, young_persons_choice": (
        "in confidence, place nobody knows, nobody must know, nobody can know, nobody will know, no one will know,"
        " without people knowing, without parents knowing, without mum knowing, without telling parents, without telling"
        " mum, without my dad knowing, without family knowing, without school knowing, without friends knowing, parents"
        " cant know, parents must not know, dont tell my mum, dont tell my parents, dont tell my dad, doesnt want mum to"
        " know, doesnt want parents to know, doesnt want anyone to know, does not want anyone to know, doesnt want"
        " school to know, dont want anyone to know, without being seen, not to be seen, doesnt want to be seen, does not"
        " want to be seen, wont be seen, scared to be seen, scared of being seen, seen by friends, seen walking in,"
        " unmarked, side entrance, back entrance, separate entrance, address not shared, safe building, safe location,"
        " safe venue, cant be found, must not be found, feel safe coming"
    ),
    "young_persons_choice, comes to you": (
        "away from school, not at school please, not at his house, not in an office, not an office, wont come to an"
        " office, wont go to an office, did not attend, dna, flexible, at his own pace, at his pace, own pace, not"
        " pushy, no rush, gentle start, patient worker, in a cafe, over a burger, over food, over a coffee, go for a"
        " coffee, go for a walk with, go for food, wherever hes comfortable, where he feels safe, where she feels safe,"
        " where they feel safe, where he feels comfortable, where she feels comfortable, wherever they like, he can"
        " choose, she can choose, they can choose, chooses where, choose his mentor, choice of mentor, pick his mentor"
    ),
    "online_video, online_text, phone": (
        "online counselling, online therapy, online group, online support, online meeting, on line,"
        " facetime, webchat, textline, by message, emailing, phone support, phone advice, phone counselling, call me"
        " back, callback, call back, from his room, from his bedroom, without leaving the house, without leaving home,"
        " without leaving his room, cant leave the house, cannot leave the house, hasnt left the house, hasnt left his"
        " room, hasnt left home, never leaves the house, never leaves his room, never leaves the bedroom, stays in all"
        " day, stuck at home, stuck indoors, indoors all day, comes out of his room, wont come downstairs, recluse,"
        " hermit, isolates himself, isolates herself, isolated at home, shy on the phone"
    ),
    "no fee, open_access, open_access_youth_club": (
        "how much is it, fee, subs, is there a charge, not much money, little money, skint, money problems, low income,"
        " deprived, disadvantaged, fsm, pupil premium, bursary, hardship, funding for, subsidised, discount"
    ),
    "open_access, open_access_youth_club, popup_youth_club": (
        "dont need a referral, doesnt need a referral, do i need a referral, no need for a referral, without forms,"
        " dont need to book, doesnt need to book, no need to book, just show up, anyone welcome, everyone welcome,"
        " everybody welcome, all welcome, anybody can come, anyone can go, anyone can join, everybody can come, open to"
        " anybody, nobody asks questions, nobody asks why, without saying why, no need to commit, without commitment"
    ),
    "self_request, direct_to_provider, parent_1to1": (
        "refer my son, refer my daughter, refer my child, can i refer, can i call, can i contact, can i phone, contact"
        " them directly, contact you directly, without a social worker, no social worker, without social services, no"
        " social services, dont want social services, scared of social services, frightened of social services, scared"
        " they will take him, scared they will take her, scared theyll take my kids, take my kids away, take my children"
        " away, without going through school"
    ),
    "preventative, targeted_youth_1to1, open_access_youth_club": (
        "early warning, before something happens, before anything happens, before it happens, before its too late,"
        " before he gets hurt, before they are drawn in, not too late, starting to go, starting to get into, starting to"
        " hang around, starting to hang out, starting to get in, starting to slip, starting to change, wrong path, bad"
        " path, astray, losing his way, slipping away, on the fringes, periphery, at the edge, on the brink, on the"
        " verge, borderline, crossroads, risky situation, vulnerable to exploitation, vulnerable to being exploited,"
        " vulnerable to grooming, drifting away, drifting into, going downhill, spiralling, getting worse, got worse,"
        " went downhill, low need, light touch, l2, l3"
    ),
    "specialist_keyworking, specialist_exploitation_1to1, specialist": (
        "risk is high, risk is very high, extreme risk, very serious, multiple needs, multiple vulnerabilities, many"
        " risks, entrenched, already involved, specialist support, specialist worker, specialist help, specialist"
        " service, specialist team, specialist project, dedicated support, dedicated person, wraparound, assertive,"
        " tenacious, never gives up, doesnt give up, does not give up, wont give up, keeps trying, keeps turning up,"
        " keeps coming back, build relationships"
    ),
    "community_mentoring, mentor, targeted_youth_1to1": (
        "mentorship, positive adult, positive male, positive person, positive people, positive role, positive"
        " relationship, stable adult, steady adult, adult he trusts, adult she trusts, adult he can trust, adult she can"
        " trust, adult they can trust, adult to talk to, adult to trust, adult who, good adult, another adult, somebody"
        " he can trust, somebody she can trust, somebody they can trust, someone he can trust, someone she can trust,"
        " someone they can trust, someone i can trust, somebody i can trust, someone he trusts, someone she trusts,"
        " someone who listens, somebody who listens, someone who will listen, somebody who will listen, someone who gets"
        " it, somebody who gets it, someone who gets him, somebody who gets him, someone he can talk to, someone she can"
        " talk to, someone they can talk to, somebody he can talk to, somebody she can talk to, someone i can talk to,"
        " somebody i can talk to, be there for him, be there for her, someone not in the family, someone his age,"
        " someone to look after, someone to guide, somebody to guide, guide him, guide her, guide them, guidance for"
        " him, guidance from, steer him, steer her, someone to spend time, somebody to spend time, spend time with,"
        " someone to do things with, somebody to do things with, someone to take him out, somebody to take him out, take"
        " him out, take her out, someone to walk with, encouragement, believe in him, believe in her, believe in"
        " himself, believe in herself, believe in themselves, someone to believe in, somebody to believe in, belief in"
        " himself, self belief, unmotivated, demotivated, talented, bright boy, bright girl, bright kid, no mates,"
        " better choices, good choices, better decisions, making good decisions, right choices, right path, back on"
        " track"
    ),
    "lived experience": (
        "by experience, same experience, gone through it, gone through the same, went through it, been in gangs, was in"
        " a gang, used to deal, been stabbed himself, served time, served a sentence, done time, did time, ex prisoner,"
        " ex con, ex dealer, ex addict, ex user, former dealer, former offender, former prisoner, credible, keeps it"
        " real, someone real, somebody real, knows the streets, understands what its like, not a professional, not a"
        " social worker, not a teacher, not police, not social services, isnt a social worker, isnt a teacher, isnt"
        " police"
    ),
    "participation, place_improvement": (
        "designed by young people, young people design, designed with young people, coproduced, co produced,"
        " consultation with young people, consultation group, consultation with youth, youth consultation, youth"
        " advisory, youth assembly, youth cabinet, youth champion, youth commissioner, youth mayor, youth mp, youth"
        " researchers, young researchers, peer educator, young advocates, activists, petition, protest, shape services,"
        " shape things, improve services, design services, young people shaping, young people on panels, interview"
        " panel, recruitment panel, young interviewers, young evaluators, trustee, has a say, have his say, what young"
        " people think, what young people want, amplify, making change, change the area, change makers, changemakers,"
        " rights of the child, uncrc"
    ),
    "advocacy_guardian, parent_1to1": (
        "independent support, independent from, unhappy with social services, disagree with the decision, challenge the"
        " decision, challenge the school, fight the school, fight for him, fight for her, fight for my, stick up for,"
        " stuck up for, on my side, someone on our side, tribunal, sendiass, sendias, ombudsman, judicial review, sar,"
        " cafcass, attend court with, come to court, court with him, court with her, goes to court with, go to court"
        " with, support at court, support in court, support through court, go to meetings with, goes to meetings, in"
        " meetings with, meetings with social services, meetings with professionals, sit with me, sit with us, sit next"
        " to me, talk to the school, talk to school for, speak to school, liaise with school, go between school, help at"
        " meetings"
    ),
    "school_workshop, school": (
        "deliver a talk, talk for year, talk to year, talk to young people about, talk to kids about, talk about"
        " consent, talk about exploitation, talk about grooming, talk about drugs, talk on, rshe, tutor groups, form"
        " group, my form, theatre show, theatre performance, roleplay, awareness day, educate young people, educate"
        " children, go into schools, goes into schools, being a bystander, upstander, active bystander, call it out"
    ),
    "targeted_youth_1to1, school_embedded_worker": (
        "1to1 youth work, 121 youth work, one to one work, one to one time, one to one worker, 1 to 1 work, 1 to 1"
        " worker, 1to1 support, 121 support, 121 work, 121 worker, individual work, individual time, individual worker,"
        " individual mentoring, not in a group, not groups, rather than a group, instead of a group"
    ),
    "weekday_evening, open_access_youth_club": "friday night",
    "online_video, online_text, phone, home_visit": "wont leave her bedroom, leave his bedroom, stays in his bedroom",
    "deferred_charge_programme, pre_court_diversion, employment_training": "with a record, get a record, want a record",
    "girls_only, girls_group": (
        "shouted at by men, shouted at by boys, beeped at, kerb crawled, kerb crawler, curb crawling"
    ),
    "robbery_theft_exploitation": "shop lifting, shop lifter",
    "community_mentoring, open_access_youth_club": "new in town, just moved here",
    "specialist_keyworking, community_mentoring": (
        "someone who stays, somebody who stays, someone who wont leave, somebody who wont leave, someone who will stick"
    ),
    "missing, late_night_outreach": "cant find him",
    "ku": "kurdistan, kurdish boy, kurdish family, kurmanji, badini, speaks kurdish, kurdish speaking",
}  # fmt: skip
# Words that lay the harm on the child: they are understood, and answered with what we say instead.
GROUP = "We say “groups of young people”: the word “gang” can follow a child for years."
NO_CHOICE = "We say what is done to a child: nobody chooses to be exploited."
HURT_FIRST = "We say what a child has been through: what they do often begins with what was done to them."
NOT_REACHED = "We say that nobody has reached a child yet, not that a child will not be reached."
NO_NAME_CALLING = "We name a family by what it calls itself; this word has been shouted at children too often."
PICTURES = "We say “pictures of abuse”: a child in a picture has been harmed, whoever took it."
BLAMING = (
    (
        GROUP,
        "cce, group_conflict, specialist_exploitation_1to1, specialist_keyworking",
        (
            "gang life, gang lifestyle, gang culture, gang worker, gang intervention, gang prevention, gang mentor, gang"
            " injunction, gangbanger, gang banger, in a gang, joining a gang, part of a gang, recruited by a gang, gang"
            " nominals list, ganglife, gang matrix, gang associate, gang girlfriend, gang initiation, gang debt, gang"
            " activity, gang crime, gang problem, gang trouble, gang rivalry, street gang, urban street gang, usg, drug"
            " gang, county lines gang"
        ),
    ),
    (
        NO_CHOICE,
        "cse, specialist_exploitation_1to1, specialist_keyworking",
        (
            "prostituting herself, prostituting himself, selling herself, selling her body, selling his body, slag, slut,"
            " slutty, whore, sexually promiscuous, sexually precocious, precocious, provocative, dresses provocatively,"
            " seductive, leading him on, consensual relationship, consenting relationship, willing participant, risky"
            " sexual behaviour, putting themselves at risk, placing herself at risk, exposing herself to risk, making"
            " unwise choices, unwise choices, poor choices, bad choices, making bad choices, making poor choices, own"
            " choice"
        ),
    ),
    (
        NO_CHOICE,
        "cce, specialist_exploitation_1to1, specialist_keyworking",
        (
            "child drug dealer, young drug dealer, teenage drug dealer, teen drug dealer, young dealer, teenage dealer,"
            " kid dealer, kids dealing, kids selling drugs, willing runner, placing himself at risk, exposing himself to"
            " risk, involved in crime, involved in criminality, involved in drug dealing, involved in gangs, involved with"
            " gangs, involved in county lines, criminal lifestyle, gangster lifestyle, wannabe, wannabe gangster, plastic"
            " gangster, bad boy, wrong un, wideboy, scrote, toerag, low life, lowlife, scumbag"
        ),
    ),
    (
        HURT_FIRST,
        "targeted_youth_1to1, asb_exploited",
        (
            "tearaway, hoodlum, lout, chav, menace, nightmare child, problem child, problem children, problem family,"
            " problem teenager, problem youth, wild child, running wild, bad kid, bad boy at school, bad girl, little"
            " shits, little thug, brat, layabout, good for nothing, waster, lazy, bone idle, anti social youths,"
            " antisocial youths, juvenile delinquent, juvenile, misfit, tear away"
        ),
    ),
    (
        HURT_FIRST,
        "deferred_charge_programme, pre_court_diversion",
        (
            "child offender, juvenile offender, teenage offender, youth offender, repeat offender, career criminal,"
            " teenage criminal, child criminal, criminal child, criminal children, teen criminal, juvenile crime, youth"
            " crime, knife criminal, jailbird"
        ),
    ),
    (
        HURT_FIRST,
        "hsb, practice_consultation",
        (
            "young sex offender, child sex offender, juvenile sex offender, teenage sex offender, sexual predator at"
            " school, young abuser, young rapist, boy rapist"
        ),
    ),
    (
        HURT_FIRST,
        "knife_weapon, specialist_keyworking",
        (
            "knife carrier, knife offender, knife thug, knifeman, knife boy, stabber"
        ),
    ),
    (
        HURT_FIRST,
        "substance_misuse_youth, substance_related",
        (
            "smackhead, potheads, cokehead, ket head, kethead, pisshead, alky, wino, drunkard, drug user, drug abuser"
        ),
    ),
    (
        HURT_FIRST,
        "therapeutic_support, practice_consultation",
        (
            "attention seeker, drama queen, liar, compulsive liar, pathological liar, psycho, psychopath, sociopath,"
            " nutter, mental case, disturbed child, disturbed, damaged child, damaged goods, broken child, snowflake,"
            " hysterical, acting the victim, playing the victim, challenging child, challenging children, challenging"
            " young person, challenging young people, difficult child, difficult children, difficult teenager, difficult"
            " pupil, disruptive child, disruptive pupil, violent child, violent children, aggressive child"
        ),
    ),
    (
        NOT_REACHED,
        "practice_consultation, case_formulation, specialist_keyworking",
        (
            "hard to help, hard to place, hard to engage with, hard to work with, wont work with us, wont work with me,"
            " wont work with professionals, wont work with services, wont work with anyone, wont engage with, wont engage"
            " with services, doesnt engage with, does not engage, does not engage with, refusing to engage, refusing to"
            " work, refuses to work with, turned down support, turns down help, declines support, disengaged from"
            " services, non compliant, noncompliant, non compliance, uncooperative, wont cooperate, not cooperating,"
            " resistant, resistant to support, resists support, unwilling, unwilling to engage, unreachable, cant be"
            " reached, cant be helped, wont be helped, beyond help, lost cause, hopeless case, too far gone, past helping,"
            " revolving door"
        ),
    ),
    (
        "We say “missing”: children go missing, and somebody looks for them.",
        "missing, late_night_outreach, specialist_keyworking",
        (
            "persistent absconder, serial absconder, serial runaway, habitual runaway, regular absconder, bolter, does a"
            " runner, did a runner, doing a runner, done a runner, gallivanting, voluntarily absent, streetwalking"
        ),
    ),
    (
        NOT_REACHED,
        "parents_carers, parent_1to1, practice_consultation",
        (
            "bad parents, poor parenting, failing parents, neglectful parents, feckless parents, parents who dont care,"
            " parents dont care, uncaring parents, hostile parents, difficult parents, aggressive parents, parents wont"
            " engage, parents not engaging, mum wont engage, dad wont engage, mum not engaging, parents refusing support,"
            " disguised compliance, uncooperative parents, non engaging parents, parents in denial, mum in denial, dad in"
            " denial, in denial"
        ),
    ),
    (
        NO_NAME_CALLING,
        "gypsy, roma, traveller, culturally_specific",
        (
            "pikeys, gyppo, gypo, tinker family, didicoi"
        ),
    ),
    (
        PICTURES,
        "online_image_abuse, online_safety_support",
        (
            "child porn, child pornography, kiddie porn, child porno, teen porn"
        ),
    ),
    (
        "We say “child” or “unaccompanied child”: nobody is illegal.",
        "advocacy_guardian, modern_slavery, culturally_specific",
        (
            "illegal immigrant, illegal migrant, illegals, illegal child, bogus asylum seeker, boat people"
        ),
    ),
    (
        "We say “disabled” or “learning disabled”: other words have hurt people.",
        "send_specialist",
        (
            "retard, spastic, spaz, handicapped, mentally handicapped, backward, slow learner, simple minded, special"
            " needs kid, weird kid"
        ),
    ),
)  # fmt: skip
# What earlier synonyms left out: the word, what it stood for, what it stands for now.
DANGER = "specialist_keyworking, specialist_exploitation_1to1, conflict_resolution, hospital_rapid_response"
INSTEAD = (
    *(
        (word, "serious_youth_violence, group_conflict, conflict_resolution, specialist_keyworking", DANGER)
        for word in ("threat to life", "ttl", "osman", "osman warning", "bounty", "price on his head")
    ),
    ("two boys", "lgbtq_plus", "boys_only, lgbtq_plus"),
)  # fmt: skip


def add(apps, schema_editor) -> None:
    """Write the words; one that is there already stays as it is."""
    synonyms = apps.get_model("search", "SearchSynonym")
    for word, before, now in INSTEAD:  # only what no steward has changed
        synonyms.objects.filter(word=word, expands_to=before).update(expands_to=now)
    told = [*BLAMING, *(("", expands, typed) for expands, typed in MORE.items())]
    rows = [
        synonyms(word=word.strip(), expands_to=expands, note=note)
        for note, expands, typed in told
        for word in typed.split(",")
    ]
    synonyms.objects.bulk_create(rows, ignore_conflicts=True)


class Migration(migrations.Migration):
    dependencies = [("search", "0017_everyday_words")]
    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
