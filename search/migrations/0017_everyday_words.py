"""
What people call in everyday words, short forms and older official terms what the vocabularies have, gone through term by term.

Inflected forms need no line of their own; what a steward has changed stays.
"""

from __future__ import annotations

from django.db import migrations

# what it stands for → what people type
MORE = {
    # --- worries: what is done to a child, and what others notice of it
    "cse, specialist_exploitation_1to1, specialist_keyworking": (
        "older man, older men, older guy, older guys, older lad, much older, sugar daddy, sexual violence, sex for, hotel"
        " parties, party house, pimp, inappropriate relationship"
    ),
    "cse, therapeutic_support": "sexual assault, sexually assaulted, assaulted sexually, molested, csa",
    "cce, specialist_exploitation_1to1, specialist_keyworking": (
        "exploiter, exploiters, being used, used by, recruited, recruiting, coerced, coercion, forced to, pressured into,"
        " running for, works for them, working for them, unexplained money, unexplained cash, unexplained gifts, lots of"
        " cash, wads of cash, cash, designer clothes, expensive clothes, expensive trainers, new clothes, new phones,"
        " second phone, owe, owes, owed, owe money, owes money to, owes them, owes them money, owed money, in debt, debt"
        " to, paying off, wants out, want out, get out of it, a way out, criminally, criminals, crime, criminality,"
        " criminal activity, organised crime, ocg, on road, road life, street life, quid, pounds, hundreds of pounds,"
        " money under, rolls of money"
    ),
    "county_lines, cce, specialist_exploitation_1to1, specialist_keyworking": (
        "carrying drugs, carry drugs, moving drugs, holding drugs, hiding drugs, stash, stashing, plugging, plugged, drug"
        " running, drug line, drugs line, deal line, runner, train tickets, another town, another city, trap, pwits,"
        " intent to supply, drug supply, supplying drugs, supplying, class a, crack, heroin"
    ),
    "county_lines, cce": (
        "dealing, dealer, dealers, deals, pushing drugs, selling weed, sells weed, sell drugs, sells drugs"
    ),
    "cuckooing, first home": (
        "taken over, took over, taking over, moved into, moved in, squatting, strangers in the flat, people in the flat,"
        " comings and goings, home takeover, house takeover, taken over his flat, taken over her flat, taken over the"
        " flat, took over her flat, living in his flat, living in her flat, using his flat, using her flat, using my nans"
        " house, wont leave his flat, people staying, staying in his flat, unwanted guests, lock changed, change the lock,"
        " change the locks, let them in, letting them in, cuckooing, cuckoo"
    ),
    "knife_weapon, weapons_drugs_rapid_response": (
        "zombie knife, kitchen knife, penknife, pocket knife, weapons, armed, tooled up, knuckleduster, hammer, carrying"
        " a knife, found with a knife, knife in school, knife in bag, knife in his bag, weapon in school, bag search,"
        " knife arch"
    ),
    "knife_weapon": "knife crime, knife carrying",
    "knife_weapon, serious_youth_violence": "guns, shot, bb gun, firearms, armed robbery",
    "hospital_rapid_response, serious_youth_violence, knife_weapon": (
        "wound, wounded, wounding, slashed, gbh, bleeding, stitches, broken jaw, stab wound, stabbing victim"
    ),
    "hospital_rapid_response, hospital": (
        "casualty, a and e, minor injuries, ambulance, paramedic, discharged, discharge, admitted, infirmary, ward,"
        " trauma unit"
    ),
    "serious_youth_violence, group_conflict": (
        "jumped, beaten, beat up, gets beaten, punched, kicked in, attacked by, afraid to go out, scared to go out,"
        " afraid to leave"
    ),
    "therapeutic_support, sport_based": (
        "angry, temper, rage, lashing out, lashes out, outbursts, anger issues, anger management, aggression, aggressive,"
        " explosive"
    ),
    "conflict_resolution, group_conflict": (
        "clash, clashes, rival, rival groups, crew, crews, opps, enemies, hostility, brawl, mass fight, flashpoint,"
        " peace, peacemaker, peacekeeping, go between, escalating, escalation, tensions, postcode rivalry, postcode wars,"
        " estate war, two groups, two schools, between schools, cool things down, calm things down, revenge attack,"
        " reprisal, reprisals, kicking off, kicked off, kick off, going to kick off, about to kick off, music video, diss"
        " track, diss tracks, drill video, disrespect, disrespected, snapchat beef, online beef, retaliate, retaliating,"
        " back and forth, tit for tat, group fight, group fights, big fight, fight planned, planned fight, after school"
        " fight, arranged fight, fell out with, falling out between, both groups, bad blood, payback, score to settle"
    ),
    "missing, late_night_outreach, specialist_keyworking": (
        "disappears, disappeared, disappearing, vanishes, vanished, not come home, doesnt come home, didnt come home, not"
        " coming home, never home, stays out all night, staying out, stayed out, out late, out all hours, home late, comes"
        " home late, overnight, whereabouts, whereabouts unknown, missing episode, missing episodes, frequent missing,"
        " gone for days, mfh, missing person, missing people, search, philomena"
    ),
    "missing_education, school_embedded_worker": (
        "school refuser, refusing school, refuses school, refuse school, wont go to school, wont come in, wont come to"
        " school, not attending, non attendance, non attender, poor attendance, absent, absence, persistent absence,"
        " persistently absent, bunking off, skiving, truant, truants, dropped out, dropping out, drop out, disengaged,"
        " disengaging, disaffected, school phobia, emotionally based school avoidance, stopped going, stopped going to"
        " school, getting to school, get to school, way to school, school run, cme"
    ),
    "school_inclusion_support, weapons_drugs_rapid_response, missing_education": (
        "kicked out of school, thrown out of school, expelled, expulsion, excluding, at risk of exclusion, prevent"
        " exclusion, avoid exclusion, about to be excluded, facing exclusion, exclusion meeting, governors, governors"
        " meeting, governors panel, disciplinary panel, fixed term exclusion, fixed term, final warning, last chance, zero"
        " tolerance"
    ),
    "school_inclusion_support, school_embedded_worker, missing_education": (
        "keep in school, stay in school, staying in school, internal exclusion, isolation room, detention, detentions,"
        " disruptive, behaviour in school, behaviour at school, behaviour policy, managed moves, fair access, off roll,"
        " off rolled, off rolling, no school place, alternative curriculum, fresh start, hub school, behaviour support,"
        " education inclusion, inclusion manager"
    ),
    "modern_slavery, advocacy_guardian, labour_exploitation": (
        "cannabis house, cannabis grow, cannabis factory, grow house, weed farm, smuggled, smuggling, nail bar, brothel,"
        " illegal work, working illegally, domestic servitude, servitude, trafficker, traffickers, first responder,"
        " reasonable grounds, conclusive grounds, section 45, slave"
    ),
    "financial_exploitation": (
        "mule, money mules, money transfer, money transfers, squaring, card fraud, bank cards, banking, bank details,"
        " deets, monzo, revolut, paypal"
    ),
    "financial_exploitation, online_safety_support": (
        "scam, scams, scammed, scammer, crypto, bitcoin, loot boxes, gambling"
    ),
    "child_on_child": (
        "picked on, picking on, teased, teasing, name calling, called names, insults, insulted, ganged up, being bullied,"
        " left out, falling out with friends, hurting other children, harmed another child"
    ),
    "group_conflict, unknown_efh, targeted_youth_1to1": (
        "wrong crowd, bad crowd, bad company, wrong people, bad influence, bad friends, new friends, older friends, older"
        " kids, peer pressure, negative peers, peer influence, hanging around with, hanging out with, hangs around with,"
        " hangs out with, mixing with, associating with, associates, friends in trouble"
    ),
    "hsb": (
        "sexualised, sexualised language, sexual comments, touching, inappropriate touching, upskirting, sexual"
        " behaviours, harmful sexual behaviour, harmful sexual behaviours, sexual harm"
    ),
    "relationship_abuse": (
        "boyfriend, ex boyfriend, ex girlfriend, girlfriends, controlling, controls her, controlling relationship,"
        " controlling boyfriend, jealous, jealousy, possessive, hits her, hit her, slaps her, tracks her, checks her"
        " phone, unhealthy relationship, unhealthy relationships, healthy relationship, healthy relationships,"
        " relationship, relationships, dating, teen dating, dating violence, gaslighting, break up, breakup, coercive,"
        " forced marriage, fgm, vawg, violence against women, violence against girls"
    ),
    "online_image_abuse, online_safety_support": (
        "pic, pics, picture, pictures, photo, photos, image, images, screenshot, screenshots, selfie, selfies, leaked,"
        " shared, filmed, clip, circulating, going round, passed round, spread round, sent round, take down, taken down,"
        " get them down, take them down, removed, report remove, sending pictures, sent pictures, sent a picture,"
        " onlyfans, only fans, webcam, livestream, live stream, threatening to share, ai images, fake images, sexual"
        " images, indecent images, video was shared, video shared"
    ),
    "online_safety_support, online_grooming": (
        "telegram, signal, kik, omegle, wizz, yubo, group chat, group chats, chat room, chatroom, dms, messages, stranger"
        " online, strangers online, strangers, met online, meeting online, talking online, talking to strangers, talking"
        " to someone online, online friend, online friends, online boyfriend, screen time, app, apps, dating apps, phone"
        " use, on his phone, on her phone, on their phone, fake account, hacked, facebook, youtube, twitch, minecraft,"
        " game chat, gaming, digital, digital safety, internet safety, e safety, esafety, online harm, online harms,"
        " online abuse, online world, online, snap"
    ),
    "online_harmful_groups, radicalisation": (
        "manosphere, red pill, sexist, sexism, misogynist, misogynistic, hates women, conspiracy, conspiracies, nazi,"
        " nazis, white supremacist, isis, islamist, terrorist, terror, prevent duty, extreme views, extreme right,"
        " radical, forum, forums, pro ana, gore, violent videos, school shooting"
    ),
    "online_harmful_groups, radicalisation, relationship_abuse": (
        "andrew tate, tate, toxic masculinity, influencer, influencers"
    ),
    "hate_based_harm": (
        "islamophobic, antisemitic, racial abuse, racially abused, racially, racists, slur, slurs, n word, hate incident,"
        " hate incidents, anti racism, anti racist, transphobia, biphobia, ableism, targeted because, prejudiced, hatred,"
        " spat at"
    ),
    "substance_misuse_youth, substance_related": (
        "smokes, smokes weed, smoking weed, stoned, getting high, vaping, vapes, thc, balloons, nos, nitrous oxide, ket,"
        " mdma, ecstasy, prescription drugs, lean, codeine, benzos, valium, spliff, joint, joints, hash, skunk, using"
        " drugs, drug use, drug taking, takes drugs, taking drugs, drug problem, drug habit, drugs worker, drug and"
        " alcohol, booze, alcoholic, addict, harm reduction, substance use, substances, drug misuse, hooked, hooked on,"
        " high, comedown, withdrawal, withdrawals, weaning off, cutting down, give up weed, stop smoking, dependent,"
        " dependency, daily use, pregabalin, solvents, lighter gas, steroids, snus, nicotine, edibles, gummies, magic"
        " mushrooms, acid trip, pingers, bud, high every day, rolling, drinks, drinking too much, vodka, sesh, dual"
        " diagnosis"
    ),
    "therapeutic_support, substance_misuse_youth": "overdose, overdosed, overdosing, od",
    "robbery_theft_exploitation": (
        "robber, robbers, robs, rob, mugged, mugger, burgled, burglar, stole, steals, steal, thief, thieves, thieving,"
        " shoplifts, phone snatching, snatching, stolen car, stealing cars, car theft, twoc, joyriding, joyride, e bike, e"
        " bikes, motorbikes, motorcycle, bike theft, rides for"
    ),
    "asb_exploited, detached_youth_work": (
        "gathering, gatherings, congregating, hanging about, hang about, hang around, hang out, hanging out, youths, kids"
        " outside, teens outside, groups of kids, groups of youths, groups of teens, groups of teenagers, large groups, on"
        " the corner, complaints about, intimidating, noise, criminal damage, throwing stones, smashing windows, fires,"
        " fire setting, dispersal order, dispersal zone, trouble spot, trouble spots, hot spot, hotspots"
    ),
    "asb_exploited, targeted_youth_1to1": (
        "in trouble, getting into trouble, trouble with the police, trouble with police, causing trouble"
    ),
    "unknown_efh, practice_consultation": (
        "gut feeling, hunch, not sure, unsure, something isnt right, something is wrong, early signs, warning signs, red"
        " flags, red flag, indicators, low level concern, changed, acting differently, behaviour change, change in"
        " behaviour, secretive, extra familial, extrafamilial, hoth, rooth, eft, outside the home"
    ),
    # --- what kind of help, how soon and how much
    "targeted_youth_1to1, preventative": (
        "early help, early intervention, early support, low level, low risk, on the edge, on the edge of, edge of, on the"
        " cusp, before it starts, before it gets worse, before it kicks off, before it escalates, nip in the bud, nip it"
        " in the bud, prevention, emerging, step down, tier 2"
    ),
    "specialist_keyworking, specialist_exploitation_1to1, specialist": (
        "high risk, very high risk, high harm, serious harm, significant harm, significant risk, medium risk, complex"
        " needs, intensive, intensive help, tier 3, tier 4, mace panel, high need"
    ),
    "specialist_keyworking": (
        "lead professional, dedicated worker, allocated worker, case worker, caseworker, one worker"
    ),
    "hospital_rapid_response, weapons_drugs_rapid_response, proactive": (
        "straight away, right now, right away, asap, at once, today, same day response, on call, oncall, call out,"
        " callout, quickly, rapid response, critical incident, after an incident, just happened"
    ),
    "late_night, late_night_outreach, 24_7": (
        "1am, 2am, 3am, 4am, midnight, past midnight, after midnight, middle of the night, after hours, night time,"
        " nighttime, at night, nights, night, all night, late at night, after dark, late evening, last bus, 24 7, round"
        " the clock, any time"
    ),
    "participation, place_improvement": (
        "young peoples views, youth participation, young peoples voice, voice, voice of the child, be heard, being heard,"
        " opinions, views, influence, decision making, decisions, advisory group, youth board, youth forum, youth panel,"
        " young advisers, young advisors, ambassadors, ambassador, co design, codesign, coproduction, consult young"
        " people, consulting young people, ask young people, listen to young people, tell us what, peer research, peer"
        " researchers, activism, change things, speak up"
    ),
    "practice_consultation, case_formulation": (
        "stuck, stuck case, professionals stuck, splitting, going round in circles, disagree, disagreement, think it"
        " through, thinking space, sounding board, advice from, advice, get advice, advice line, case consultation,"
        " complex case, complex cases, case supervision, group supervision, clinical supervision, reflective practice,"
        " reflective space, debrief, peer supervision, make sense of, understand behaviour, talk it through, talk through,"
        " someone to ask, who to ask, professional curiosity"
    ),
    "case_formulation": "psych, clinical psychologist, psychology, psychological assessment, behaviour analysis",
    "mapping_support, practice_consultation": (
        "multi agency, multi agency meeting, multiagency, professionals meeting, network meeting, partnership meeting,"
        " map, maps, mapping meeting, mapping meetings, mapping exercise, group mapping, peer map, peer assessment,"
        " context assessment, context, contextual, neighbourhood assessment, location assessment, place assessment, safety"
        " plan, safety planning, who is linked, links between, same names, information sharing, who knows who, problem"
        " profile, strategy discussion, strategy discussions"
    ),
    "training, practice_consultation": (
        "new social worker, newly qualified, nqsw, asye, student social worker, new worker, new staff, new starter, first"
        " case, never had, new to this, signs to look for, spot the signs, spotting signs, signs of, learn about, train my"
        " staff, train our staff, train our team, staff training, team training, training for staff, training for my team,"
        " training for volunteers, our volunteers, my volunteers, volunteers, my staff, our staff, staff team, my team,"
        " our team, team day, away day, twilight, inset day, inset training, awareness, awareness raising, awareness"
        " session, awareness training, refresher, workforce, upskill, presentation, elearning, seminar, conference,"
        " masterclass, lunch and learn, toolkit, resources, guidance, teach us, practitioners, professional development,"
        " safeguarding training"
    ),
    "for_professional": "professional, professionals, practitioner, colleagues, colleague",
    # --- kinds of service
    "community_mentoring, mentor": (
        "someone to talk to, somebody to talk to, talk to someone, talk to somebody, someone to look up to, somebody to"
        " look up to, positive role model, male role model, positive influence, good influence, befriend, befriender, big"
        " brother, consistent adult, safe adult, supportive adult, trusted person, someone to trust, somebody to trust,"
        " peer mentor, peer mentoring, peer support, coaching, life coach, self esteem, self confidence, low confidence,"
        " shy, alone, loner, no friends, making friends, aspirations, purpose, mentee, mentors, father figure, no father"
        " figure, no dad around, no role models, someone in his corner, someone on his side, someone to listen, somebody"
        " to listen"
    ),
    "lived experience": (
        "been inside, been to prison, been in prison, been there, been through, been through the same, ex offender, ex"
        " offenders, ex gang, former gang, reformed, experts by experience, expert by experience, care leaver mentor,"
        " knows what its like"
    ),
    "siblings_family, sibling_family_mentoring": (
        "little brother, little sister, little brothers, younger brother, younger sister, younger brothers, younger"
        " sibling, younger siblings, big sister, older brother, older sister, twin, twins, cousin, cousins, other children"
        " in the house, other kids, rest of the family, copying him, copying his brother, started to copy, next in line,"
        " following in his footsteps, follows his brother, forgotten child"
    ),
    "sibling_family_mentoring, parents_carers": (
        "whole family, family support, family work, family worker, family help, family mentor, family mentoring,"
        " families, family, household, family conflict, arguing at home, arguments at home, fif, families in focus"
    ),
    "therapeutic_support": (
        "therapist, counsel, art therapy, drama therapy, music therapy, play therapy, psychotherapist, mental, wellbeing,"
        " well being, emotional, emotional wellbeing, emotional support, emotional health, feelings, cant sleep, not"
        " sleeping, sleep, sleeps, sleepless, flashback, flashbacks, jumpy, dissociates, dissociation, crying, cries,"
        " tearful, sad, upset, stressed, stress, anxious, panic, panics, self harming, self harms, selfharm, cutting, cuts"
        " herself, cuts himself, suicide, wants to die, killed himself, killed herself, bereaved, died, death, dies, dead,"
        " funeral, killed, grieving, friend died, lost a friend, murdered, witnessed, witness, traumatised, traumatic,"
        " traumas, emotional regulation, dysregulated, regulation, attachment, eating disorder, not eating, body image,"
        " numb, shut down, wont talk, doesnt talk, not talking, cahms, mental illness, psychosis, ocd, healing, recovery,"
        " recover, aces, ace, adverse childhood experiences, dbt, ddp, talking therapy, talking therapies, tics, night"
        " terrors, bad dreams, scared to sleep, fearful, on edge, hopeless, worthless, hates himself, hates herself, self"
        " hatred, guilty, grief counselling, loss of a friend, best friend died, family therapy, couldnt save, nervous"
        " breakdown, breakdown, psychologically"
    ),
    "girls_only, girls_group, gender_specific_staff_on_request": (
        "woman, women, lady, female staff, female worker, woman worker, women workers, no male staff, no male workers, no"
        " men, no males, not a man, women only, only women, female only, girls only, same gender worker, same sex worker,"
        " lady worker"
    ),
    "girls_only, girls_group": (
        "lass, lasses, teenage girl, young woman, young lady, girls space, ladies, followed, followed home, being"
        " followed, follows her, followed by, catcalled, catcalling, cat calling, street harassment, harassed, harassment,"
        " walking home, walk home alone, walks home alone, stared at"
    ),
    "boys_only, boys_group": "young man, men, male, males, guys, boys only, teenage boy, boys space",
    "boys_only, boys_group, gender_specific_staff_on_request": "male worker, male staff, man to talk to, man worker",
    "sport_based": (
        "sporty, kickabout, kick about, footy, soccer, five a side, 5 a side, pitch, team sport, weights, weightlifting,"
        " lifting weights, work out, workout, working out, somewhere to train, exercise, athletics, running club, skate,"
        " skateboard, skatepark, skating, table tennis, tennis, badminton, volleyball, hockey, gymnastics, trampolining,"
        " dodgeball, wrestling, jiu jitsu, taekwondo, muay thai, self defence, physical activity, league, tournament,"
        " coach, coaches, gloves, bibs, goalposts, floodlights, sports hall, basketball court, court side, sports club,"
        " football club, football team, football training, keep fit, gym session, gym membership, running around, burn off"
        " energy, burn energy, energy to burn, skipping"
    ),
    "sport_based, boxing": "hit something, punch bag, punchbag, punching bag, sparring, boxer, boxercise, hit a bag",
    "arts_music_based": (
        "beats, beat making, producer, music studio, recording studio, studio, record, recording, song, songs,"
        " songwriting, sing, singer, mcing, rapper, rapping, raps, grime, bars, hip hop, guitar, piano, drums, drumming,"
        " band, orchestra, choir, cartoon, cartoons, comic, comics, manga, draws, draw, paint, paints, sketch, sketching,"
        " craft, crafts, pottery, clay, sewing, fashion, acting, actor, performing, performance, camera, filming, film"
        " making, filmmaking, movie, creative, creativity, artist, artists, arts, artistic, design, podcasts, radio,"
        " musician, dancing, dancer, circus, culture, storyboard, short film, documentary, actors, theatre group, drama"
        " group, microphone, mixtape, lyric, soundcloud, spotify, dj decks, decks, vocals, keyboard, art club, art"
        " project, mural, exhibition, anime, cartoonist"
    ),
    "arts_music_based, poet": (
        "poem, poems, writing, writes, writer, creative writing, stories, words on paper, notebook, spoken"
    ),
    "outdoor_adventure, outdoors": (
        "woods, woodland, forest, countryside, farm, animals, animal, horse, pony, hike, walks, camp, campfire, bonfire,"
        " river, kayak, kayaking, canoe, paddle, surfing, mountain, mountains, mountain biking, trip, trips, day out, days"
        " out, fresh air, outside activities, adventure, allotment, growing, green space, wild, wilderness, duke of"
        " edinburgh, dofe, open air, goats, mud, fires lit, campfires, den, whittling, carving, knots, raft, caving,"
        " abseiling, orienteering, beach, sea, coast, lake, moors, walk in the woods, away from the city, out of the city,"
        " picnic, wildlife"
    ),
    "practical_skills": (
        "fix, fixing, fixes, repair, repairing, repairs, tools, hands on, with his hands, with her hands, with their"
        " hands, making things, make things, build, building, woodwork, metalwork, wood, plumbing, mechanic, engines, diy,"
        " bake, baking, cook, cookery, chef, kitchen, sew, broken, mend, mending, mended, zip, phone repair, broken phone,"
        " fiddles, hands busy, busy hands, kinaesthetic, handy, take things apart, upcycling, recycle"
    ),
    "practical_skills, bicycle": "bike workshop, bike repair, bicycles, cycle, cycles, bike project, bike shop",
    "employment_training": (
        "earn, earns, earning, earn money, wage, wages, paid work, paid job, proper job, part time job, part time work,"
        " weekend job, saturday job, legit, legitimate, legal money, quick money, fast money, easy money, work placement,"
        " placements, employer, employers, trade, trades, bricklaying, barbering, hairdressing, catering, warehouse, cscs,"
        " college, sixth form, btec, vocational, qualifications, jobcentre, job centre, universal credit, references,"
        " reference, school leaver, school leavers, leaving school, left school, next steps, future, working life,"
        " employed, employability, job search, job hunting, payslip, money, pocket money, workless, eet, taster, tasters,"
        " try a trade, taste of work, trial shift, trial day, shop work, retail work, customer service, first job, get a"
        " job, getting a job, find work, finding work, job application, job applications, application form, application"
        " forms, disclosure, dbs, gap in cv, electrician, joiner, joinery, coder, coding, builder, decorating, painter and"
        " decorator, labouring, garage, restaurant work, office work, self employed, own business, entrepreneur, start a"
        " business, careers advice, national insurance, driving licence, provisional licence, volunteering, volunteer,"
        " universities, higher education, uni, wants a job, needs a job, earn some money, learn a trade, part time hours,"
        " applying for jobs, apply for college, criminal record and work"
    ),
    "school_embedded_worker, school": (
        "youth worker in school, in school support, mentor in school, learning mentor, pastoral support, pastoral team,"
        " lunchtime, lunch break, break time, breaktime, playground, canteen, corridor, corridors, pupil, pupils, student,"
        " students, classroom, teacher, teachers, head of year, form tutor, senco, dsl, headteacher, in school, at school,"
        " secondary school, academy, schools"
    ),
    "school_workshop": (
        "assemblies, year group, whole year, whole class, class talk, tutor time, form time, school talk, talk in school,"
        " talk to pupils, talk to our pupils, speaker, guest speaker, speakers, drop down day, whole school, lessons, rse,"
        " sex education, relationships education, workshops, school session, theatre in education, awareness for pupils"
    ),
    "weapons_drugs_rapid_response": (
        "drugs in school, drugs found, found in school, caught at school, caught in school, school incident, dealing in"
        " school"
    ),
    "detached_youth_work, street_park_detached": (
        "detached, detached team, detached worker, detached workers, detached youth workers, street workers, street"
        " worker, street team, street based, street, streets, park, parks, parade, outside shops, outside the shops, chip"
        " shop, bus stop, bus station, bus shelter, train station, station, car park, multi storey, skate park, mcdonalds,"
        " high street, alley, alleyway, underpass, playing field, playing fields, green, retail park, cinema, hangout,"
        " outreach workers, patrol, patrols, public space, public place, town centre"
    ),
    "bystander_guardianship_training": (
        "shop, shops, shop staff, shopkeepers, shopping centre, shopping mall, mall, security guards, security guard,"
        " security, guards, bouncer, bouncers, hotels, hotel staff, airbnb, taxi firm, taxi firms, cab, cabs, cabbies,"
        " uber, restaurant, kebab shop, chicken shop, fast food, nail bars, business, businesses, landlord, landlords,"
        " letting agent, bus company, bus drivers, train staff, train guards, transport staff, transport, venue, venues,"
        " pub, pubs, nightclub, bar staff, arcade, petrol station, corner shop, newsagent, off licence, traders, trading"
        " standards, supermarket, bystanders, capable guardians, guardianship, takeaways, receptionist, reception,"
        " housekeeper, housekeeping, cleaner, cleaners, delivery driver, delivery drivers, door supervisor, door"
        " supervisors, licensed premises, licensee, licensees, licence, pubwatch, wardens, warden, caretaker, caretakers,"
        " park keeper, bus staff, station staff, cinema staff, cafe owner, shop owner, shop owners, club owners,"
        " hoteliers, guest house, guesthouse, leisure centre staff, lorry drivers, minicab, minicabs, rail staff,"
        " commercial premises, premises"
    ),
    "in_reach_youth_work": (
        "hostel, hostels, waiting room, waiting rooms, health centre, surgery, housing office, supported housing,"
        " childrens home staff, residential unit, in reach, inreach, come into our, come into school, based in, library"
    ),
    "open_access_youth_club, popup_youth_club": (
        "club, clubs, youth clubs, youth group, youth provision, youth service, youth services, open session, open"
        " sessions, universal, warm space, safe space, safe place, place to go, places to go, somewhere safe, somewhere"
        " warm, somewhere to hang out, place to hang out, bored, boredom, nothing to do, something to do, hang out space,"
        " pop up, popup, jsp, dropin, drop ins, pool table, board games, chess, playstation nights, table football, tuck"
        " shop, chill, chill out, relax, socialise, socialising, meet people, make friends, meet friends, disco, youth"
        " space, youth cafe"
    ),
    "open_access, open_access_youth_club": (
        "no forms, no form, no paperwork, no questions, no questions asked, no sign up, sign up, no booking, without"
        " booking, no appointment, no appointments, no referral, no referrals, without referral, without a referral, just"
        " turn up, turn up, walk in, just walk in, walk ins, just come, open to all, open to anyone, open to everyone,"
        " anyone can come, no commitment"
    ),
    "self_request, direct_to_provider": (
        "self referral, self refer, refer myself, refer himself, refer herself, refer themselves, ask myself, parent"
        " referral, ask directly, direct referral, contact directly"
    ),
    "deferred_charge_programme, pre_court_diversion, substance_misuse_youth": (
        "caught with cannabis, caught with weed, caught with drugs, possession, youth caution, youth conditional caution"
    ),
    "deferred_charge_programme, pre_court_diversion": (
        "charge, charges, instead of court, instead of charge, instead of prosecution, prosecution, prosecuted, avoid"
        " court, avoid a record, first offence, first time offender, first time entrant, fte, arrest, nicked, rui, on"
        " bail, sentence, sentenced, youth court, magistrates, crown court, trial, community resolution, community"
        " service, referral order, youth rehabilitation order, turnaround, disposal, out of court disposal, conviction,"
        " convicted, yoi, young offender institution, remand, remanded, tagged, resettlement, court order, court orders,"
        " second chance, offence, offences, offend, offends, police record, criminal justice, youth offending team, youth"
        " offending service, yos, ycc, deferred, liaison and diversion, let off, second chances, arrested for dealing,"
        " arrested with drugs, arrested for possession, arrested for supply, cps, dropped charges, charge dropped, charged"
        " with, keep his record clean, clean record, police programme, focused deterrence, no further action, nfa by"
        " police, out of court resolution, ooc, oocr, outcome 8, 16 to 21, postal requisition, in trouble with the law,"
        " trouble with the law, on a tag, bail conditions, due in court, going to court, magistrates court"
    ),
    "police_custody_or_station, hospital_rapid_response": (
        "police custody, in custody, custody suite, after custody, police cell, police cells, cells, police station,"
        " appropriate adult, out of custody, released from custody, leaving custody, just arrested, after arrest, been"
        " arrested"
    ),
    "parents_carers, parent_group, parent_1to1": (
        "mums, dads, mothers, fathers, grandparent, grandma, grandad, granny, gran, stepdad, stepmum, step dad, step mum,"
        " single mum, single parent, single dad, lone parent, single parents, struggling parent, worried parent, cant"
        " cope, cope, coping, at the end of my tether, end of my tether, parents group, parent group, parents groups,"
        " parent support, parents like me, other parents, other mums, parent peer support, family member, caregiver,"
        " caregivers"
    ),
    "parent_1to1, parents_carers, sibling_family_mentoring": (
        "child to parent, child to parent violence, cpv, apva, capva, violent to me, violent at home, hits me, hitting"
        " me, attacks me, hits his mum, hits her mum, hits mum, boundaries, parenting course, parenting support"
    ),
    "advocacy_guardian": (
        "rights, independent person, independent visitor, complain, on his side, on her side, on their side, legal,"
        " lawyer, home office, age assessment, age disputed, leave to remain, court of protection, guardians, guardianship"
        " for, citizens advice, someone independent, somebody independent, independent advocate, unheard, know their"
        " rights, know his rights, challenge a decision, appeal, iro, isva, speak for him, speak for her, speak for them"
    ),
    "reporting_line": (
        "report, reporting, report a crime, report crime, report a dealer, report dealers, report someone, grass,"
        " grassing, without giving my name, without giving a name, without my name, dont want to give my name, anonymous"
        " tip, anonymous tip off, tip, give information, information about a crime, intel, intelligence, share"
        " intelligence, tell police, tell the police, 101, whistleblow, tell someone anonymously, report anonymously,"
        " report anonymous, knows who did it, knows who has, knows something, knows who stabbed, who did it, no comeback,"
        " no snitch, not a snitch, pass on information, passing on information, drop a name, name a dealer, without police"
        " knowing, without being named, without being identified, not be named, hand in a knife, knows where a knife is,"
        " heard something, keep my name out, keep his name out"
    ),
    "place_improvement": (
        "street lights, street lighting, dark alley, unlit, broken lights, lights, overgrown, path, paths, feels unsafe,"
        " not safe, safer streets, safer place, residents meeting, residents association, community, community meetings,"
        " local people, neighbour, local residents, public meeting, design out crime, alley gates, regeneration, make it"
        " safer, making it safer, feel safe, feels safe, feeling safe, litter, needles, graffiti removal, sight lines,"
        " hidden corner, dark corner, derelict, empty building, play area, garages, stairwell, block of flats, walkabout,"
        " ward councillor, councillor, local meeting"
    ),
    # --- for whom
    "lgbtq_plus": (
        "nonbinary, pronouns, gender, gender questioning, transitioning, trans boy, trans girl, pansexual, asexual,"
        " questioning, sexuality, sexual orientation, same sex, pride, lgbtqia, lgbtqi, lgbt young people, came out, out"
        " to his family, two spirit, isnt out, not out, closeted, in the closet, chosen name, deadname, dead name, trans"
        " young person, trans kid, trans son, trans daughter, likes boys, likes girls, two boys, drag, homosexual, enby,"
        " genderfluid, gender fluid, gender non conforming, gnc, femme, rainbow"
    ),
    "culturally_specific": (
        "african, african caribbean, afro caribbean, caribbean, west indian, jamaican, black mentor, mixed race, dual"
        " heritage, biracial, heritage, ethnic, ethnic minority, ethnic minorities, bame, bme, global majority, ethnicity,"
        " same background, same culture, shared culture, looks like him, looks like her, looks like them, cultural"
        " background, community led, diaspora, somali led, racialised, minoritised, community elder, elders in the"
        " community, black men, black man, black worker, asian worker, of colour, person of colour, people of colour, poc,"
        " congolese, nigerian, ghanaian, zimbabwean, gambian, somali community, somali family, traveller family, gypsy"
        " family, mum from, culturally appropriate, culturally sensitive, cultural sensitivity, own culture, own"
        " community, diversity"
    ),
    "so, culturally_specific": "somalian, somalia, east african",
    "ar": "sudanese, syrian, iraqi, yemeni, egyptian, moroccan",
    "ti": "eritrean, ethiopian, eritrea",
    "fa": "afghan, afghanistan, iranian, dari, pashto",
    "ku": "sorani, iraqi kurdish",
    "ur, pa": "pakistani, south asian",
    "bn": "bangladeshi, sylheti",
    "pl": "poland",
    "ro": "romania, moldovan",
    "es, pt": "latin american",
    "pt": "brazilian, portugal",
    "zh": "hong kong, hong konger",
    "uk": "ukraine",
    "so, pl, ar, ro, ur, pa, ti, ku, fa, bn": (
        "interpreter, interpreters, interpreting, translator, translation, eal, esol, no english, speaks no english,"
        " doesnt speak english, little english, second language, language barrier, other languages, home language, first"
        " language, bilingual, multilingual, in his language, in her language, in their language, languages"
    ),
    "gypsy, roma, traveller": (
        "romany, romani, grt, travellers site, traveller site, caravan site, traveller families, gypsies, irish"
        " traveller, showmen, boater, boaters, on a site, caravans"
    ),
    "faith_venue, prayer_ablution_space": (
        "islam, islamic, imam, prayer, prayers, pray, praying, halal, ramadan, faith, faith based, religious, religion,"
        " sikh, hindu, temple, gurdwara, christian, synagogue, jewish, mosques, churches, faith leader, faith leaders"
    ),
    "care_experienced": (
        "childrens homes, foster mum, foster dad, foster placement, foster home, foster family, placement move, placement"
        " moves, moved placement, moved placements, placement breakdown, adopted, adoption, adoptive, cic, cla, section"
        " 20, care order, care system, personal adviser, personal advisor, virtual school, semi independent, supported"
        " accommodation, supported lodgings, looked after children, in foster care, kids in care, grown up in care,"
        " corporate parent, out of county, out of area placement, placed out of area, placed in, moved again, moves"
        " placement, moved to another town, new placement, special guardianship, sgo, leaving care team, care experienced,"
        " experience of care, been in care, grew up in care, section 31, residential care, residential worker, in a"
        " childrens home, from a childrens home, childs home, hostel after care, corporate parenting, out of borough, from"
        " another borough"
    ),
    "send_specialist": (
        "learning disabled, learning needs, additional needs, extra needs, aspergers, asc, on the spectrum, spectrum,"
        " autism spectrum, meltdown, meltdowns, hyperactive, impulsive, pda, odd, fasd, speech and language, communication"
        " needs, dyspraxia, dyspraxic, dyscalculia, dyslexic, undiagnosed, diagnosis, special school, neurodiversity,"
        " neurodivergence, neuro, nd, overstimulated, special educational needs, senmh, semh, learning difficulty, add,"
        " predictable, no surprises, visual timetable, easily overwhelmed, masking, masks at school, shutdown, shutdowns,"
        " cant read social cues, social communication, sensory needs, sensory overload, stimming, ticks, tourette,"
        " selective mutism, selectively mute, learning support, ehcna, sen support, care plan, slow processing, global"
        " delay, developmental delay, low iq, moderate learning, mld, sld, autistic girl, autistic boy, autistic lad,"
        " autistic teen, neurospicy, communication, communicating"
    ),
    "under_11": (
        "primary, primary school, primary aged, primary age, primary pupils, infants, juniors, little ones, younger"
        " children, under 11, under 10"
    ),
    "over_18": (
        "young adult, young adults, adult, adults, over 18, over 18s, 18 plus, 18 and over, turning 18, turned 18, turns"
        " 18, just turned 18, transition, transitions, transitional safeguarding, aged out, post 18, up to 25, 18 to 25,"
        " 18 25, 16 25"
    ),
    # --- where, when, and what makes it usable
    "step_free": (
        "disabled access, wheelchair access, wheelchair user, accessible, accessibility, ramp, mobility, crutches,"
        " physical disability, uses a wheelchair"
    ),
    "accessible_toilet": "disabled toilet, changing places",
    "hearing_loop, bsl": (
        "hard of hearing, hearing impaired, hearing impairment, hearing aid, hearing aids, hearing loss, signer, signing"
    ),
    "easy_read": (
        "easy to read, simple english, plain english, cant read, struggles to read, reading age, visual, visuals,"
        " pictures instead"
    ),
    "quiet_space": "quiet room, quiet place, calm, calm room, low noise, noisy, noise sensitive, crowds, busy places",
    "neurodiversity_friendly, send_specialist": "autism friendly, adhd friendly, neurodivergent friendly, low sensory",
    "creche": (
        "toddler, baby, babies, babysitting, babysitter, bring my baby, bring the baby, bring the kids, young mum, young"
        " mums, teenage mum, teen parent, young parent, young parents"
    ),
    "parking": "park the car, drive there, disabled parking",
    "bus_within_400_m": "near a bus stop, bus route, on a bus route, near the bus, public transport, by bus",
    "discreet_entrance, confidential_base": (
        "discreet, private, confidential, nobody sees, not be seen, without anyone knowing, secret, secretly, keep it"
        " private, secret address, safe house, undisclosed"
    ),
    "gender_specific_staff_on_request": "choice of worker, choose the worker",
    "comes to you, vehicle_mobile, lift, minibus": (
        "lift home, lifts, gets a lift, pick up, picks up, picked up, pick him up, pick her up, pick me up, driven, drive"
        " home, drives, no car, cant get there, getting there, travel costs, bus fare, bus fares, taxi home, collect,"
        " collected, dropped home, transport home, door to door"
    ),
    "comes to you": (
        "outreach visit, mobile service, visit us, goes to them, goes to him, meets him, meets her, come out to, comes"
        " out, wherever he is, wherever they are, travel, travelled"
    ),
    "home_visit, comes to you": (
        "in the home, at our house, at the house, house call, house calls, come to the house, comes to the house,"
        " doorstep, kitchen table"
    ),
    "home_visit, online_video, online_text": (
        "wont leave the house, wont leave house, doesnt leave the house, wont leave his room, wont leave her room, doesnt"
        " leave his room, stays in his room, stays in her room, in his room, in her room, housebound, agoraphobic,"
        " agoraphobia, wont go out, doesnt go out, never goes out, wont come out, locked in his room"
    ),
    "online_video": "teams, video call, video calls, by video, on screen, remote, remotely, from home",
    "online_text": "text, texts, texting, by text, text message, messaging, live chat",
    "phone": "phone call, by phone, over the phone, ring up, helpline, phone line",
    "workplace": "at work, on site",
    "street_park_detached": "out and about",
    "youth_centre": "youth centres",
    "community_venue": "community centre, community centres, church hall, community hall, village hall",
    "weekday_day": (
        "mornings, morning, before school, afternoons, afternoon, school hours, school day, working day, during the day"
    ),
    "weekday_after_school": "after college, home time, straight after school",
    "weekday_evening": "weeknight, weeknights, after work, school night, evening session",
    "saturday, sunday": "at weekends, saturdays and sundays",
    "holidays": (
        "school holiday, school hols, holiday club, haf, summer holiday, october half term, february half term, bank"
        " holiday, six weeks"
    ),
    # --- what people tell of a day, a child or a meeting
    "hospital_rapid_response, serious_youth_violence, lived experience": (
        "badly hurt, badly injured, seriously injured, survivor, survivors, survived, recovering from, after being"
        " stabbed, near miss"
    ),
    "serious_youth_violence, unknown_efh": (
        "bruise, bruises, bruised, black eye, unexplained injuries, unexplained injury, injuries, marks on him, marks on"
        " her, cuts and bruises"
    ),
    "cce, county_lines, practice_consultation": (
        "has money, money from nowhere, wont say where, wont tell me where, comes home with, taxis, taxi rides, secret"
        " phone, always on his phone, extra phone, keys to, hotel key, sim card, sim cards, cash and phones, unknown"
        " adults, older associates"
    ),
    "cce, police_custody_or_station, deferred_charge_programme": (
        "police raid, raid, raided, police came, police at the door, search warrant, stop and search, stopped and"
        " searched, police contact"
    ),
    "school_workshop, knife_weapon": (
        "knife workshop, knife awareness, knife talk, knife lesson, knife assembly, consequences"
    ),
    "serious_youth_violence": (
        "violence reduction, violence reduction unit, vru, vrp, violence prevention, violent crime, svd, serious violence"
        " duty"
    ),
    "training, bystander_guardianship_training": (
        "train taxi drivers, train bus drivers, train door staff, train hotel staff, train shop staff, train shopkeepers"
    ),
    "online_safety_support, online_image_abuse": (
        "blackmailed online, threatened online, gift cards, vouchers, robux, v bucks, trolling, troll, trolled, doxxed,"
        " abusive messages, nasty messages, nasty comments, went viral, went round school, spread around school, shared"
        " round school, posted, posting, deepfakes, ai generated, sexual pictures, explicit pictures, explicit images,"
        " private pictures, picture of her, picture of him, pictures of her, photo of her, video of her, videos of, video"
        " of a fight, fight video, fake profile, fake profiles, fake snapchat, fake instagram"
    ),
    "online_safety_support, parents_carers": (
        "parental controls, take his phone, take her phone, taking her phone, take the phone, found messages, found"
        " photos, found pictures, found something on her phone, found something on his phone, went through her phone,"
        " looked at her phone, checked her phone, read her messages, read his messages, what she does online, what he does"
        " online"
    ),
    "relationship_abuse, cse": (
        "sex, underage sex, sexually active, having sex, consent education, love bombed, loverboy, lover boy, sleeping"
        " with, snogging, virgin, crush, crushes"
    ),
    "therapeutic_support, without talking": (
        "cant talk about it, doesnt want to talk, does not want to talk, hates talking, not ready to talk, not into"
        " talking, without talking, no talking, told it too often, fed up of talking, non verbal, nonverbal, refuses to"
        " talk, wont open up, doesnt open up, cant put into words, bottles it up, bottled up"
    ),
    "therapeutic_support, serious_youth_violence": (
        "after violence, after an attack, after the attack, since the attack, after the stabbing, since the stabbing"
    ),
    "parents_carers, parent_1to1, parent_group": (
        "on her knees, on my knees, on his knees, exhausted, worn out, burnt out, breaking point, at breaking point,"
        " desperate, overwhelmed, struggling, at my wits end, wits end, end of her tether, end of his tether, lie awake,"
        " up all night worrying, listening for the door, ashamed, blamed, judged, frightened parent, scared parent, scared"
        " mum, parent of a child, someone for mum, somebody for mum, someone for me, somebody for me, for myself, mum"
        " needs, dad needs, mum is struggling, mum wont, mum and dad, bringing up, raising grandchildren, birth parents,"
        " mams, mam, mommy, mummy"
    ),
    "parent_1to1, advocacy_guardian": (
        "come with me, come with us, go with me, come to meetings, come to the meeting, come to a meeting, sit beside me,"
        " meetings with school, school meetings, meeting at school, attend meetings, support at meetings, speak up for me,"
        " speak for us"
    ),
    "sibling_family_mentoring, parents_carers, siblings_family": (
        "everyone at home, everybody at home, everyone in the house, whole house, all of us, both parents, the grown ups,"
        " extended family"
    ),
    "practice_consultation": (
        "no names, without names, without naming, unnamed, anonymised, hypothetical, threshold, thresholds, is this"
        " exploitation, could this be"
    ),
    "targeted_youth_1to1, sibling_family_mentoring, preventative": (
        "taf, team around the child, team around the family, eha, caf, early help assessment, early help plan, family"
        " plan, child in need"
    ),
    "missing_education, school_inclusion_support": (
        "ewo, education welfare, education welfare officer, attendance officer, attendance meeting, fined, school fine,"
        " prosecution for attendance"
    ),
    "missing_education, way to school": (
        "wont get up, cant get up, cant get out of bed, wont get out of bed, out of bed, up in the mornings, up in the"
        " morning, late for school, lateness, punctuality, taxi to school, walk to school, taken to school, lift to"
        " school, drive to school, driven to school, gets to school, into school, back into school, back to school, return"
        " to school, get him in, get her in, get them in"
    ),
    "school_inclusion_support, alternative_provision": "ap, alt prov, ap provider, pru pupil, twilight timetable",
    "school_embedded_worker, send_specialist, missing_education": (
        "cant cope in class, cant cope in lessons, cannot cope in lessons, overwhelmed in class, walks out of lessons,"
        " walking out of lessons, leaves lessons, sent out of class, sent out of lessons, time out, cant sit still"
    ),
    "employment_training, missing_education": (
        "roni, risk of neet, left school with nothing, no gcses, failed gcses, no grades, dropped out of college, out of"
        " work, kicked off his course"
    ),
    "detached_youth_work, asb_exploited": (
        "moving them on, move them on, stood around, standing around, standing about, bunch of kids, rowdy, drinking in"
        " the park, smoking in the park, fireworks, bikes on pavement, wheelies, off road bikes, quad bikes, kids on"
        " bikes, youths on bikes, balaclavas, ballys"
    ),
    "late_night_outreach, detached_youth_work": (
        "street pastor, street pastors, late night workers, night workers, night team, night bus, out after midnight,"
        " after pub closing, walking the streets, on the streets at night"
    ),
    "conflict_resolution": (
        "mediate between, sit down together, both sides, restorative justice, restorative meeting, make up, make peace,"
        " say sorry, apologise, stand between, break it up, before someone gets hurt, stop it escalating, de escalate,"
        " deescalate, de escalation, ceasefire"
    ),
    "participation": (
        "paid for their time, their say, our say, having a say, share their views, young inspectors, mystery shoppers,"
        " speak to councillors, talk to the council, lived experience panel, young commissioners, manifesto, feedback from"
        " young people"
    ),
    "in_reach_youth_work, school": (
        "youth worker to come in, come into our school, at the school gate, at the gates, corridors and canteen"
    ),
    "school_embedded_worker": (
        "based in school, based in our school, embedded, embedded worker, at break, break times, trusted adult in school,"
        " quiet room in school, pastoral lead"
    ),
    "weapons_drugs_rapid_response, knife_weapon, school_inclusion_support": (
        "knife found, found in bag, found in locker, brought a knife, brought a blade, blade found, weapon found, knife"
        " at school, knife into school, blade in school, took a knife, takes a knife, has a knife, screening arch,"
        " searching pupils"
    ),
    "weapons_drugs_rapid_response, substance_related": (
        "weed in school, vape in school, weed at school, drugs at school, selling vapes, selling at school, smoking at"
        " school, dealing at school, drugs found at school"
    ),
    "modern_slavery, advocacy_guardian": (
        "human trafficking, brought into the country, brought to the uk, brought here, lorry, small boat, boat, debt to"
        " smugglers, passport taken, child victim, potential victim, independent adult, independent guardian, referral"
        " mechanism, nrm decision, nrm referral, section 17 45, age disputed child"
    ),
    "labour_exploitation, modern_slavery": (
        "works for nothing, unpaid work, paid nothing, working all hours, restaurant kitchen, made to work, forced to"
        " work, takeaway work, leaflet dropping, begging, fruit picking, sweatshop"
    ),
    "financial_exploitation, cce": (
        "used his account, use his account, using his account, uses his account, used her account, used my account,"
        " account used, money through his account, money in his account, lent his card, lent card, borrowed his card,"
        " account frozen, account closed, frozen account, cash deposits"
    ),
    "first home, flat, rent, housing": (
        "keys, boiler, council tax, budget, housing benefit, homeless, bedsit, moving in, moves out, move on, move on"
        " flat, living on own, lives alone, alone in a flat, own front door, furniture, tenancy support, no fixed abode,"
        " nfa, place of his own, place of her own, place of their own, own place, own flat, first flat, living alone,"
        " living on his own, living on her own, moving out, evicted, couch surfing, sofa surfer, rough sleeping, sleeping"
        " rough, homelessness, rent arrears, council house, independent living, live independently, bills, housing"
        " officer, housing association, kicked out of home, kicked out by, thrown out, nowhere to live, council flat,"
        " tenant, tenants, independence"
    ),
    "care_experienced, over_18": (
        "leaving care at 18, falls off, adult services, adult social care, moving to adult, care ends, when care ends,"
        " after 18, past 18, over eighteen, eighteen, nineteen, twenty, 18th birthday, nobody after 18, too old for"
    ),
    "hate_based_harm, lgbtq_plus": (
        "gay as an insult, thats so gay, homophobic bullying, homophobic language, transphobic bullying"
    ),
    "steady, neurodiversity_friendly, send_specialist": "same worker, same time, same place, same day every week",
    "one_to_one": (
        "alone with, individual, individually, individual support, one on one, 1 on 1, 1 2 1, one to ones, 1to1"
    ),
    "in_a_group, mixed_group": "group work, groupwork, small group, mixed group",
    "comes to you, young_persons_choice": (
        "where he is, where she is, where they are, anywhere they like, meet anywhere, meets anywhere, wherever they"
        " want, wherever he wants, wherever she wants, meet in a cafe, park bench, location of choice, place they choose,"
        " neutral venue, neutral place"
    ),
    "online_video, online_text, phone": (
        "no face to face, not in person, without meeting, camera off, no camera, at a distance, digitally"
    ),
    "so, ar, ro, ur, letters": (
        "court letters, school letters, letters from school, letters from court, translate letters, understand letters,"
        " reads letters, explain letters, letter from school, letter from court, cant read english"
    ),
    "police_custody_or_station, hospital_rapid_response, 24_7": (
        "sit with him, sit with her, stay with him, stay with her, stays until, till morning, till the morning, through"
        " the night, all night long, wait with him, wait with her, come out now, come out tonight, someone now, somebody"
        " now, right this minute"
    ),
    "mapping_support": (
        "draw it, drawing it out, on a map, links between children, who hangs out with who, who hangs out with whom, who"
        " is with who, group of children, group of kids, several children, number of children, children linked, linked"
        " children, connected children, link chart, cluster, same group of boys, same group of girls, group of boys, group"
        " of girls, group of lads"
    ),
    "case_formulation, practice_consultation": (
        "formulate, why does he, why does she, why is he doing, whats behind, what is behind, what lies behind,"
        " underlying, baffled, puzzled, puzzling, dont understand him, dont understand her, nothing works, nothing is"
        " working, tried everything, run out of ideas, no progress, not engaging with workers, disengages"
    ),
    "training": (
        "cpd certificate, certificate, qualifies, book a place, training day, training dates, next training, training"
        " calendar, online training, half day, bite size, bitesize, foundation course, level 3, level 1, train the"
        " trainer, tots, training session, training on, session for our team, session on grooming, session on"
        " exploitation, session on county lines, grooming session, exploitation session, exploitation training, grooming"
        " training, county lines training, child exploitation training, course on, course about, train volunteers, train"
        " our volunteers, train foster carers, training for schools, training for teachers, training for social workers,"
        " training for police, training for youth workers, in house training, free training"
    ),
    "animation": "animations, animated, animator",
    "radicalisation, online_harmful_groups": "prevent referral, prevent team, channel panel",
    "for_professional, training": "staff, staffroom",
    "parents_carers, parent_1to1": "looking after",
    "culturally_specific, prayer_ablution_space": "hijab, headscarf, modest",
    "serious_youth_violence, group_conflict, conflict_resolution, specialist_keyworking": (
        "threats, threatening, threat, threat to life, ttl, osman, osman warning, bounty, price on his head"
    ),
    "open_access_youth_club, popup_youth_club, sport_based": (
        "off the streets, off the street, out of trouble, stay out of trouble, keep him busy, keep them busy, nowhere to"
        " go, let off steam"
    ),
    # --- everyday needs that a service's own words tell of
    "meal, soup, food, pasta, pizza, toast, cook": (
        "hungry, hot meal, hot meals, feed, feeds, starving, food bank, free food, hot food, warm meal, dinner, tea, eat,"
        " eats, something to eat, food, snack, snacks, lunch, supper, tea and toast, foodbank, hunger, underfed, samosa,"
        " samosas, biscuits, cake"
    ),
    "breakfast, bacon": "breakfast",
    "barber, haircut": "haircut, hair cut, hairdresser, trim, barbershop",
    "read, letter": "unopened letters, paperwork, brown envelope, brown envelopes, red letters",
    "dog, dogs": "puppy",
    "horse, horses": "riding",
    "no fee, open_access": (
        "free, for free, no cost, free of charge, costs, afford, cant afford, cheap, low cost, no money, poverty, poor"
    ),
}  # fmt: skip
# Words that lay the harm on the child: they are understood, and answered with what we say instead.
GANG = "We say “groups of young people”: the word “gang” can follow a child for years."
NO_CHOICE = "We say what is done to a child: nobody chooses to be exploited."
HURT_FIRST = "We say what a child has been through: what they do often begins with what was done to them."
NOT_REACHED = "We say that nobody has reached a child yet, not that a child will not be reached."
# Of adults, whom nothing here is for; what is done to a child has another name.
ADULTS = "We say “sexual exploitation” of what is done to a child. For adults who sell sex nothing is listed here."
BLAMING = (
    (ADULTS, "sex work", "sex work, sex worker, sex workers"),
    (GANG, "cce, group_conflict, specialist_keyworking", "gang member, gang members, gang nominal, gang nominals, gangster, gangsters, roadman, roadmen"),
    (GANG, "conflict_resolution, group_conflict", "gang fight, gang fights, gang war, gang violence, postcode gang, rival gang, rival gangs"),
    (GANG, "cce, specialist_exploitation_1to1, specialist_keyworking", "leave the gang, leaving a gang, gang exit, gang involved, gang affiliated, gang related"),
    (NO_CHOICE, "cse, specialist_exploitation_1to1, specialist_keyworking", "promiscuous, sleeping around, child prostitute, prostitute, prostitution, streetwise, lifestyle choice, putting herself at risk, puts herself at risk"),
    (NO_CHOICE, "cce, specialist_exploitation_1to1, specialist_keyworking", "putting himself at risk, puts himself at risk, child dealer, easily led, drug mule"),
    (HURT_FIRST, "targeted_youth_1to1, asb_exploited", "troublemaker, troublemakers, yob, yobs, thug, thugs, hooligan, hooligans, feral, delinquent, delinquents, naughty, bad lad"),
    (HURT_FIRST, "parent_1to1, parents_carers, targeted_youth_1to1", "out of control, beyond control, beyond parental control, uncontrollable"),
    (HURT_FIRST, "deferred_charge_programme, pre_court_diversion", "young offender, young offenders, offender, offenders, young criminal, young criminals"),
    (HURT_FIRST, "therapeutic_support, practice_consultation", "attention seeking, manipulative, challenging behaviour, challenging, badly behaved, bad behaviour"),
    (HURT_FIRST, "substance_misuse_youth, substance_related", "junkie, junkies, druggie, druggies, crackhead, stoner, stoners"),
    (NOT_REACHED, "practice_consultation, case_formulation", "hard to reach, hard to engage, wont engage, doesnt engage, not engaging, non engagement, refuses support, refuses help"),
    ("We say “missing”: children go missing, and somebody looks for them.", "missing, late_night_outreach, specialist_keyworking", "absconder, absconders, absconded"),
)  # fmt: skip
# What the first synonyms left out: the word, what it stood for, what it stands for now.
INSTEAD = (
    ("cse", "cse, specialist_exploitation_1to1", "cse, specialist_exploitation_1to1, specialist_keyworking"),
    ("sexual exploitation", "cse, specialist_exploitation_1to1", "cse, specialist_exploitation_1to1, specialist_keyworking"),
    ("sexually exploited", "cse, specialist_exploitation_1to1", "cse, specialist_exploitation_1to1, specialist_keyworking"),
    ("cce", "cce, specialist_exploitation_1to1", "cce, specialist_exploitation_1to1, specialist_keyworking"),
    ("criminal exploitation", "cce, specialist_exploitation_1to1", "cce, specialist_exploitation_1to1, specialist_keyworking"),
    ("criminally exploited", "cce, specialist_exploitation_1to1", "cce, specialist_exploitation_1to1, specialist_keyworking"),
    ("exploitation", "cce, cse, specialist_exploitation_1to1", "cce, cse, specialist_exploitation_1to1, specialist_keyworking"),
    ("exploited", "cce, cse, specialist_exploitation_1to1", "cce, cse, specialist_exploitation_1to1, specialist_keyworking"),
    ("county lines", "county_lines, cce, specialist_exploitation_1to1", "county_lines, cce, specialist_exploitation_1to1, specialist_keyworking"),
    ("older boyfriend", "cse, relationship_abuse", "cse, relationship_abuse, specialist_exploitation_1to1, specialist_keyworking"),
    ("olders", "cce, group_conflict", "cce, group_conflict, specialist_exploitation_1to1, specialist_keyworking"),
    ("elders", "group_conflict, cce", "cce, group_conflict, specialist_exploitation_1to1, specialist_keyworking"),
    ("two phones", "county_lines, cce", "county_lines, cce, specialist_exploitation_1to1, specialist_keyworking"),
    ("burner phone", "county_lines, cce", "county_lines, cce, specialist_exploitation_1to1, specialist_keyworking"),
    ("running drugs", "county_lines, cce", "county_lines, cce, specialist_exploitation_1to1, specialist_keyworking"),
    ("drug runner", "county_lines, cce", "county_lines, cce, specialist_exploitation_1to1, specialist_keyworking"),
    ("new trainers", "cce, county_lines", "county_lines, cce, specialist_exploitation_1to1, specialist_keyworking"),
    ("owes money", "cce, county_lines", "county_lines, cce, specialist_exploitation_1to1, specialist_keyworking"),
    ("gifts", "cse, cce", "cse, cce, specialist_exploitation_1to1, specialist_keyworking"),
    ("new phone", "cse, cce", "cse, cce, specialist_exploitation_1to1, specialist_keyworking"),
    ("drug debt", "cce, financial_exploitation", "cce, financial_exploitation, specialist_exploitation_1to1, specialist_keyworking"),
    ("cannabis farm", "labour_exploitation, modern_slavery", "modern_slavery, labour_exploitation, advocacy_guardian"),
    ("custody", "deferred_charge_programme, pre_court_diversion", "police_custody_or_station, deferred_charge_programme, pre_court_diversion"),
    ("arrested", "deferred_charge_programme, pre_court_diversion", "deferred_charge_programme, pre_court_diversion, police_custody_or_station"),
    ("female", "girls_only, girls_group", "girls_only, girls_group, gender_specific_staff_on_request"),
    ("mosque", "faith_venue", "faith_venue, prayer_ablution_space"),
    ("muslim", "culturally_specific", "culturally_specific, prayer_ablution_space, faith_venue"),
    ("cuckooed", "cuckooing", "cuckooing, first home"),
    ("mentor", "community_mentoring, mentoring", "community_mentoring, mentoring, sibling_family_mentoring"),
    ("mentoring", "community_mentoring, mentor", "community_mentoring, mentor, sibling_family_mentoring"),
)  # fmt: skip


def add(apps, schema_editor) -> None:  # noqa: ANN001 - Django's
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
    dependencies = [("search", "0016_words_at_hand")]
    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
